namespace PolyClaw.Instances;

/// <summary>Reads the first line of a connection and not a byte more.</summary>
internal static class FirstLine
{
    /// <summary>The line without its end, or nothing when the stream ended or the line is too long.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, int longest, CancellationToken cancellationToken)
    {
        var line = new List<byte>(256);
        var one = new byte[1];
        while (line.Count < longest)
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0)
                return null;
            if (one[0] == (byte)'\n')
                return [.. line];
            line.Add(one[0]);
        }

        return null;
    }
}
