using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using PolyClaw.Core.Schemas.Keywords;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>
/// Reads a schema into nodes, then resolves its references among the documents that are known; a document is read when the first reference
/// names it. Never fetches anything.
/// </summary>
internal sealed class SchemaCompiler(SchemaOptions options)
{
    /// <summary>Nesting that cannot overflow the stack, whatever the options say.</summary>
    private const int MostDepth = 128;

    /// <summary>States of all patterns together.</summary>
    private const int MostPatternStates = 50_000;

    private readonly Dictionary<string, SchemaResource> _resources = new(StringComparer.Ordinal);
    private readonly Queue<(Reference Keyword, SchemaNode Owner, string Text, string Pointer)> _pending = new();
    private readonly List<SchemaFault> _faults = [];
    private int _subschemas;
    private int _patternStates;
    private bool _full;

    internal IReadOnlyList<SchemaFault> Faults => _faults;

    internal bool RefuseUnknownKeywords => options.RefuseUnknownKeywords;

    internal bool AllowBacktracking => options.AllowBacktracking;

    /// <summary>The schema's root, or null with <see cref="Faults"/>.</summary>
    internal SchemaNode? Compile(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Undefined)
        {
            Refuse("schema_invalid", "", "", "there is no schema", "give an object, or true or false");
            return null;
        }

        var json = JsonMarshal.GetRawUtf8Value(schema);
        if (json.Length > options.MaxSchemaBytes)
        {
            Refuse("schema_too_large", "", "", $"the schema has {json.Length} bytes; at most {options.MaxSchemaBytes} are accepted");
            return null;
        }

        if (JsonText.Problem(json) is { } problem)
        {
            Refuse("schema_text", "", "", problem);
            return null;
        }

        // A copy, so that the compiled schema outlives the document it came in.
        var root = Read(new SchemaDocument("", schema.Clone(), builtIn: false));
        while (_faults.Count == 0 && _pending.TryDequeue(out var reference))
            Resolve(reference.Keyword, reference.Owner, reference.Text, reference.Pointer);
        if (_faults.Count == 0 && ReferenceLoop.Find(root) is { } loop)
            Refuse("schema_loop", loop.Location.TrimStart('#'), loop.Location, "the schema refers to itself without end: applying it to a value applies it to the same value again");
        return _faults.Count == 0 ? root : null;
    }

    internal void Refuse(string code, string pointer, string location, string message, string? fix = null)
    {
        if (_faults.Count < options.MaxFaults)
            _faults.Add(new SchemaFault(code, pointer, location, message, fix));
    }

    internal void Await(Reference keyword, SchemaNode owner, string text, string pointer) => _pending.Enqueue((keyword, owner, text, pointer));

    /// <summary>Reads one subschema, unless it has been read before.</summary>
    internal SchemaNode Read(JsonElement schema, SchemaResource resource, string pointer, int depth)
    {
        var document = resource.Document;
        if (document.Nodes.TryGetValue(pointer, out var known))
            return known;
        var location = document.Name + "#" + pointer;
        if (!Affordable(document, pointer, location, depth))
            return new SchemaNode(resource, location, constant: false);
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return document.Nodes[pointer] = new SchemaNode(resource, location, schema.ValueKind == JsonValueKind.True);
        if (schema.ValueKind == JsonValueKind.Object)
            return new NodeReader(this, resource, pointer, location, depth).Read(schema);
        Refuse("schema_invalid", pointer, location, $"a schema must be an object, true or false, and is {JsonText.Show(schema)}");
        return document.Nodes[pointer] = new SchemaNode(resource, location, constant: false);
    }

    /// <summary>Makes a resource known by its URI.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="pointer">Where its <c>$id</c> stands.</param>
    /// <param name="location">The same, for a fault.</param>
    /// <param name="replaces">Whether it takes the place of the one its document was read with.</param>
    internal void Register(SchemaResource resource, string pointer, string location, bool replaces = false)
    {
        if (replaces)
            _resources[resource.BaseUri] = resource;
        else if (!_resources.TryAdd(resource.BaseUri, resource) && _resources[resource.BaseUri].Document == resource.Document)
            Refuse("schema_invalid", pointer, location, $"the $id \"{resource.BaseUri}\" is given twice", "give each schema an $id of its own");
    }

    /// <summary>Counts a pattern against what all of them may hold together.</summary>
    internal bool Afford(EcmaPattern pattern, [NotNullWhen(false)] out string? problem)
    {
        _patternStates = (int)Math.Min(MostPatternStates + 1L, _patternStates + (long)pattern.States);
        problem = _patternStates > MostPatternStates ? $"with the patterns before it, it unfolds to more than {MostPatternStates} states" : null;
        return problem is null;
    }

    /// <summary>The dialect a <c>$schema</c> names, or null after a fault.</summary>
    internal Dialect? FindDialect(string schema, string pointer, string location)
    {
        if (Dialect.Find(schema) is { } dialect)
            return dialect;
        if (!options.Documents.TryGetValue(schema.TrimEnd('#'), out var meta) || meta.ValueKind != JsonValueKind.Object)
        {
            Refuse("schema_dialect", pointer, location, $"the dialect \"{schema}\" is not supported", $"write the schema for {Dialect.Draft202012}");
            return null;
        }

        if (!meta.TryGetProperty("$vocabulary", out var vocabularies) || vocabularies.ValueKind != JsonValueKind.Object)
            return Dialect.Standard;
        dialect = Dialect.Of(vocabularies.EnumerateObject().Select(each => (each.Name, each.Value.ValueKind == JsonValueKind.True)), out var unknown);
        if (unknown is null)
            return dialect;
        Refuse("schema_dialect", pointer, location, $"the dialect \"{schema}\" needs the vocabulary \"{unknown}\", which is not supported");
        return null;
    }

    private SchemaNode Read(SchemaDocument document)
    {
        var resource = new SchemaResource(document, document.Name, "", Dialect.Standard);
        if (!_resources.ContainsKey(document.Name))
            Register(resource, "", document.Name + "#");
        return Read(document.Root, resource, "", 0);
    }

    private bool Affordable(SchemaDocument document, string pointer, string location, int depth)
    {
        if (_full || document.BuiltIn)
            return !_full;
        _full = true;
        if (depth > Math.Min(options.MaxDepth, MostDepth))
            Refuse("schema_too_large", pointer, location, $"subschemas are nested more than {Math.Min(options.MaxDepth, MostDepth)} deep");
        else if (++_subschemas > options.MaxSubschemas)
            Refuse("schema_too_large", pointer, location, $"there are more than {options.MaxSubschemas} subschemas");
        else
            _full = false;
        return !_full;
    }

    private void Resolve(Reference keyword, SchemaNode owner, string text, string pointer)
    {
        var (uri, fragment) = UriReference.Resolve(owner.Resource.BaseUri, text);
        if (Find(uri) is not { } resource)
        {
            var shown = uri.Length > 200 ? uri[..200] + "…" : uri;
            Refuse("schema_reference", pointer, keyword.Location, $"the reference leads to \"{shown}\", which is not known, and nothing is ever fetched",
                "put the schema under $defs and refer to it as #/$defs/NAME");
            return;
        }

        var byName = fragment.Length > 0 && fragment[0] != '/';
        var target = byName ? resource.Anchors.GetValueOrDefault(fragment) : At(resource, resource.Pointer + fragment);
        if (target is null)
        {
            Refuse("schema_reference", pointer, keyword.Location, $"the reference \"{text}\" leads nowhere",
                byName ? $"no $anchor is named \"{fragment}\"" : "the JSON pointer must name a schema that is there");
            return;
        }

        var isDynamic = keyword.Name == "$dynamicRef" && byName && resource.DynamicAnchors.ContainsKey(fragment);
        keyword.Resolve(target, isDynamic ? fragment : null);
    }

    private SchemaResource? Find(string uri)
    {
        if (_resources.TryGetValue(uri, out var resource))
            return resource;
        var builtIn = MetaSchemas.Find(uri);
        if (builtIn is not null)
            return _resources[uri] = Read(new SchemaDocument(uri, builtIn.Value, builtIn: true)).Resource;
        if (!options.Documents.TryGetValue(uri, out var known))
            return null;
        if (JsonText.Problem(JsonMarshal.GetRawUtf8Value(known)) is { } problem)
        {
            Refuse("schema_text", "", uri + "#", problem);
            return null;
        }

        return _resources[uri] = Read(new SchemaDocument(uri, known.Clone(), builtIn: false)).Resource;
    }

    /// <summary>The schema at a pointer, read now if it stands where no keyword looked, as in <c>definitions</c>.</summary>
    private SchemaNode? At(SchemaResource resource, string pointer)
    {
        var document = resource.Document;
        if (document.Nodes.TryGetValue(pointer, out var known))
            return known;
        var (value, path, depth) = (document.Root, "", 0);
        foreach (var escaped in pointer.Split('/').Skip(1))
        {
            var token = JsonPointer.Unescape(escaped);
            path = JsonPointer.Append(path, token);
            depth++;
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(token, out var member))
                value = member;
            else if (value.ValueKind == JsonValueKind.Array && int.TryParse(token, out var index) && index >= 0 && index < value.GetArrayLength())
                value = value[index];
            else
                return null;
            if (document.Nodes.TryGetValue(path, out var passed))
                resource = passed.Resource;
        }

        return value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False ? Read(value, resource, path, depth / 2) : null;
    }
}
