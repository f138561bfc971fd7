namespace PolyClaw.Instances;

/// <summary>The instance itself: the settings under <c>Instance</c>.</summary>
internal sealed class InstanceOptions
{
    /// <summary>Longest <see cref="IdleMinutes"/>: a week.</summary>
    public const int LongestIdle = 10_080;

    /// <summary>Minutes with no run, no connection and no listener after which the instance ends itself. 1–10,080, default 10.</summary>
    public int IdleMinutes { get; set; } = 10;
}
