using System.Diagnostics.CodeAnalysis;
using System.Text;
using PolyClaw.Core.Schemas.Compiling;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary>Subschemas by property name, looked up by the bytes of the name so that no string is made.</summary>
internal sealed class PropertyTable
{
    private const int Few = 8;

    private readonly (byte[] Name, SchemaNode Node)[] _rows;
    private readonly Dictionary<byte[], SchemaNode>.AlternateLookup<ReadOnlySpan<byte>>? _byName;

    internal PropertyTable((string Name, SchemaNode Node)[] properties)
    {
        Names = Array.ConvertAll(properties, property => property.Name);
        _rows = Array.ConvertAll(properties, property => (Encoding.UTF8.GetBytes(property.Name), property.Node));
        if (_rows.Length > Few)
            _byName = _rows.ToDictionary(row => row.Name, row => row.Node, Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    internal string[] Names { get; }

    internal bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out SchemaNode? node)
    {
        if (_byName is { } byName)
            return byName.TryGetValue(name, out node);
        foreach (var row in _rows)
        {
            if (name.SequenceEqual(row.Name))
            {
                node = row.Node;
                return true;
            }
        }

        node = null;
        return false;
    }

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        internal static readonly Utf8Comparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
