using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PolyClaw.Containers.Images;

/// <summary>Tells a program that runs in an empty Linux image from one that needs a loader, another system or another processor.</summary>
internal static class StaticProgram
{
    private const int HeaderBytes = 64;
    private const int EntryBytes = 56;
    private const int MostEntries = 64;
    private const uint Interpreter = 3;

    // ELF, 64 bits, little endian: what both processors we know have.
    private static ReadOnlySpan<byte> Magic => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <summary>Whether a file is such a program.</summary>
    /// <param name="path">The file.</param>
    /// <param name="architecture">The processor it is to run on.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static bool Is(string path, Architecture architecture)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.StartsWith(Magic))
            return false;
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        if (machine != Machine(architecture) || BinaryPrimitives.ReadUInt16LittleEndian(header[54..]) != EntryBytes || entries is 0 or > MostEntries)
            return false;
        var table = new byte[entries * EntryBytes];
        file.Position = BinaryPrimitives.ReadInt64LittleEndian(header[32..]) is >= 0 and var offset ? offset : long.MaxValue;
        if (file.ReadAtLeast(table, table.Length, throwOnEndOfStream: false) < table.Length)
            return false;
        for (var entry = 0; entry < table.Length; entry += EntryBytes)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(entry)) == Interpreter)
                return false;
        }

        return true;
    }

    private static ushort? Machine(Architecture architecture) => architecture switch
    {
        Architecture.X64 => 62,
        Architecture.Arm64 => 183,
        _ => null,
    };
}
