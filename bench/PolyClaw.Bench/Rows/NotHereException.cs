namespace PolyClaw.Bench.Rows;

/// <summary>A row cannot be measured on this machine, and says why.</summary>
internal sealed class NotHereException(string why) : Exception(why);
