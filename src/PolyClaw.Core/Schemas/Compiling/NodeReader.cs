using System.Text.Json;
using PolyClaw.Core.Schemas.Keywords;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>Reads one subschema that is an object: its identity here, its keywords by family in the other readers.</summary>
internal sealed class NodeReader(SchemaCompiler compiler, SchemaResource resource, string pointer, string location, int depth)
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private SchemaResource _resource = resource;

    internal SchemaNode Node { get; private set; } = null!;

    internal Dialect Dialect => _resource.Dialect;

    internal SchemaNode Read(JsonElement schema)
    {
        foreach (var member in schema.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
                Refuse(member.Name, "is given twice");
        }

        Identify();
        Node = new SchemaNode(_resource, location);
        _resource.Document.Nodes[pointer] = Node;
        Anchor("$anchor", _resource.Anchors);
        Anchor("$dynamicAnchor", _resource.Anchors, _resource.DynamicAnchors);

        var keywords = new List<Keyword>();
        if (Dialect.ReferenceHidesSiblings && _members.ContainsKey("$ref"))
        {
            LogicKeywords.ReadReferences(this, keywords);
            LogicKeywords.ReadDefinitions(this);
            Node.Complete([.. keywords], tracks: false);
            return Node;
        }

        // Cheap ones first, those that ask what others have looked at last.
        if (Dialect.Validation)
            AssertionKeywords.Read(this, keywords);
        if (Dialect.FormatAssertion && TryText("format", out var format))
            keywords.Add(new FormatKeyword(Node, format));
        ObjectKeywords.Read(this, keywords);
        ArrayKeywords.Read(this, keywords);
        LogicKeywords.Read(this, keywords);
        var tracks = ReadUnevaluated(keywords);
        if (compiler.RefuseUnknownKeywords)
            RefuseUnknown();
        Node.Complete([.. keywords], tracks);
        return Node;
    }

    internal bool TryTake(string keyword, out JsonElement value) => _members.TryGetValue(keyword, out value);

    internal bool TryText(string keyword, out string text)
    {
        text = "";
        if (!TryTake(keyword, out var value))
            return false;
        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(keyword, $"must be a string, and is {JsonText.Show(value)}");
            return false;
        }

        text = value.GetString()!;
        return true;
    }

    /// <summary>A count: a whole number from 0 on; more than an <see cref="int"/> holds counts as the most it holds.</summary>
    internal int? Count(string keyword)
    {
        if (!TryTake(keyword, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number)
        {
            var number = ExactNumber.Parse(value);
            if (number.IsInteger && (number.IsZero || number.IsPositive))
                return number.CompareTo(ExactNumber.Parse("2147483647"u8)) >= 0 ? int.MaxValue : (int)value.GetDouble();
        }

        Refuse(keyword, $"must be a whole number of 0 or more, and is {JsonText.Show(value)}");
        return null;
    }

    /// <summary>A list of strings.</summary>
    internal string[]? Names(string keyword, JsonElement value, params ReadOnlySpan<string> below)
    {
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(name => name.GetString()!)];
        Refuse(keyword, $"must be an array of property names, and is {JsonText.Show(value)}", null, below);
        return null;
    }

    internal bool IsObject(string keyword, out JsonElement value)
    {
        if (!TryTake(keyword, out value))
            return false;
        if (value.ValueKind == JsonValueKind.Object)
            return true;
        Refuse(keyword, $"must be an object, and is {JsonText.Show(value)}");
        return false;
    }

    /// <summary>The subschema that a keyword holds; null when the keyword is not there.</summary>
    internal SchemaNode? Schema(string keyword) => TryTake(keyword, out var value) ? Read(value, keyword) : null;

    /// <summary>The list of subschemas that a keyword holds; null when it is not there or is none.</summary>
    internal SchemaNode[]? SchemaList(string keyword, bool mayBeEmpty = false)
    {
        if (!TryTake(keyword, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Array && (mayBeEmpty || value.GetArrayLength() > 0))
            return [.. value.EnumerateArray().Select((schema, index) => Read(schema, keyword, index.ToString(System.Globalization.CultureInfo.InvariantCulture)))];
        Refuse(keyword, $"must be an array of one or more schemas, and is {JsonText.Show(value)}");
        return null;
    }

    /// <summary>The subschemas by name that a keyword holds; empty when it is not there or is none.</summary>
    internal (string Name, SchemaNode Node)[] SchemaMap(string keyword)
    {
        if (!IsObject(keyword, out var value))
            return [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var map = new List<(string, SchemaNode)>();
        foreach (var member in value.EnumerateObject())
        {
            if (names.Add(member.Name))
                map.Add((member.Name, Read(member.Value, keyword, member.Name)));
            else
                Refuse(keyword, $"holds \"{member.Name}\" twice");
        }

        return [.. map];
    }

    internal SchemaNode Read(JsonElement schema, string keyword, string? name = null) =>
        compiler.Read(schema, _resource, name is null ? JsonPointer.Append(pointer, keyword) : JsonPointer.Append(pointer, keyword, name), depth + 1);

    internal EcmaPattern? Pattern(string keyword, string source, params ReadOnlySpan<string> below)
    {
        if (EcmaPattern.TryCompile(source, compiler.AllowBacktracking, out var pattern, out var problem) && compiler.Afford(pattern, out problem))
            return pattern;
        Refuse("schema_pattern", keyword, $"the pattern {JsonText.Shorten(source)} cannot be used: {problem}", null, below);
        return null;
    }

    internal void Await(Reference reference, string text)
    {
        compiler.Await(reference, Node, text, JsonPointer.Append(pointer, reference.Name));
    }

    internal void Refuse(string keyword, string message, string? fix = null, params ReadOnlySpan<string> below) =>
        Refuse("schema_invalid", keyword, $"\"{keyword}\" " + message, fix, below);

    private void Refuse(string code, string keyword, string message, string? fix, ReadOnlySpan<string> below)
    {
        var tail = "/" + JsonPointer.Escape(keyword);
        foreach (var token in below)
            tail = JsonPointer.Append(tail, token);
        compiler.Refuse(code, pointer + tail, location + tail, message, fix);
    }

    /// <summary>An <c>$id</c> begins a resource, and so does the root; a <c>$schema</c> there says which dialect it is in.</summary>
    private void Identify()
    {
        var isRoot = pointer == _resource.Pointer;
        var dialect = _resource.Dialect;
        if ((isRoot || _members.ContainsKey("$id")) && TryText("$schema", out var schema))
            dialect = compiler.FindDialect(schema, JsonPointer.Append(pointer, "$schema"), JsonPointer.Append(location, "$schema")) ?? dialect;

        var hasId = TryText("$id", out var id) && !(dialect.ReferenceHidesSiblings && _members.ContainsKey("$ref"));
        if (dialect.Legacy && id.StartsWith('#'))
            hasId = false;
        if (!hasId && ReferenceEquals(dialect, _resource.Dialect))
            return;
        var (uri, fragment) = hasId ? UriReference.Resolve(_resource.BaseUri, id) : (_resource.BaseUri, "");
        if (fragment.Length > 0)
            Refuse("$id", $"must not have a fragment, and is \"{id}\"", "name a place with $anchor");
        var isSame = isRoot && uri == _resource.BaseUri;
        _resource = new SchemaResource(_resource.Document, uri, pointer, dialect);
        compiler.Register(_resource, JsonPointer.Append(pointer, "$id"), JsonPointer.Append(location, "$id"), replaces: isSame);
    }

    private void Anchor(string keyword, params ReadOnlySpan<Dictionary<string, SchemaNode>> anchors)
    {
        if (!TryText(keyword, out var name))
            return;
        if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] == '_') || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            Refuse(keyword, $"must be a name of letters, digits, '-', '_' and '.', and is \"{name}\"");
        foreach (var known in anchors)
        {
            if (!known.TryAdd(name, Node))
                Refuse(keyword, $"names \"{name}\" a second time");
        }
    }

    private bool ReadUnevaluated(List<Keyword> keywords)
    {
        if (!Dialect.Unevaluated)
            return false;
        var before = keywords.Count;
        if (Schema("unevaluatedProperties") is { } properties)
            keywords.Add(new UnevaluatedProperties(Node, properties));
        if (Schema("unevaluatedItems") is { } items)
            keywords.Add(new UnevaluatedItems(Node, items));
        return keywords.Count > before;
    }

    private void RefuseUnknown()
    {
        foreach (var name in _members.Keys.Where(name => !KeywordNames.IsKnown(name)))
        {
            var meant = ClosestName.Find(name, KeywordNames.All);
            Refuse("schema_unknown_keyword", name, $"\"{name}\" is not a keyword of JSON Schema 2020-12",
                meant is null ? "leave it out" : $"did you mean \"{meant}\"?", []);
        }
    }
}
