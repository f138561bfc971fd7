using System.Text;
using System.Text.Json;

namespace PolyClaw.Mcp.Wire;

/// <summary>What a message says of itself: its kind, id, method and the few members that have rules of their own.</summary>
internal struct StrictEnvelope
{
    private static readonly RpcFault BadId = new(
        RpcCodes.InvalidRequest, "Not a usable id.", null,
        "Use a string of 1 to 128 printable characters or an integer of at most 53 bits.");

    private bool _idSeen;
    private bool _idIsNull;
    private bool _idLost;
    private bool _versioned;
    private bool _paramsSeen;
    private bool _nameSeen;
    private bool _hasMethod;
    private bool _hasResult;
    private bool _hasError;
    private NamedMethod _method;
    private RpcId _id;

    private enum NamedMethod
    {
        Other,
        ToolsCall,
        PromptsGet,
        Cancelled,
    }

    /// <summary>The request that a cancellation names; only looked at when the message is one.</summary>
    private RpcId _requestId;

    public readonly RpcId Id => _idLost ? default : _id;

    public readonly RpcId Cancels => _method == NamedMethod.Cancelled ? _requestId : default;

    public string? Version { get; private set; }

    public readonly RpcKind Kind => (_hasMethod, _hasResult || _hasError) switch
    {
        (true, false) => _idSeen ? RpcKind.Request : RpcKind.Notification,
        (false, true) => RpcKind.Response,
        _ => RpcKind.Unknown,
    };

    public void ForgetId() => _idLost = true;

    /// <summary>Looks at the value of a member that means something; the reader stands on its first token.</summary>
    public RpcFault? See(WireScope scope, WireMember member, ref Utf8JsonReader reader)
    {
        switch (member)
        {
            case WireMember.JsonRpc:
                _versioned = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
                return _versioned ? null : new(RpcCodes.InvalidRequest, "Not JSON-RPC 2.0.", null, "Send \"jsonrpc\": \"2.0\".");
            case WireMember.Id:
                _idSeen = true;
                _idIsNull = reader.TokenType == JsonTokenType.Null;
                return _idIsNull || TryReadId(ref reader, out _id) ? null : BadId;
            case WireMember.Method:
                return SeeMethod(ref reader);
            case WireMember.Params:
                _paramsSeen = true;
                return reader.TokenType == JsonTokenType.StartObject
                    ? null
                    : new(RpcCodes.InvalidParams, "The params are no object.", null, "MCP takes params by name, in an object.");
            case WireMember.Result:
                _hasResult = true;
                return null;
            case WireMember.Error:
                _hasError = true;
                return null;
            case WireMember.Name:
                _nameSeen = reader.TokenType == JsonTokenType.String;
                return SeeName(ref reader, StrictJsonRpc.MaxNameLength);
            case WireMember.Uri:
                return SeeName(ref reader, 8192);
            case WireMember.RequestId:
                // A bad one cancels nothing; the server ignores it too.
                _ = TryReadId(ref reader, out _requestId);
                return null;
            case WireMember.ProgressToken:
                return TryReadId(ref reader, out _) ? null : BadId with { Code = RpcCodes.InvalidParams, Message = "Not a usable progress token." };
            case WireMember.ProtocolVersion when scope == WireScope.Meta:
                Version = reader.TokenType != JsonTokenType.String ? ""
                    : reader.ValueTextEquals(ProtocolVersions.Current) ? ProtocolVersions.Current
                    : WireText.Shown(reader.GetString(), 64);
                return null;
            default:
                return null;
        }
    }

    /// <summary>What is wrong with the message as a whole, once all of it was seen.</summary>
    public readonly RpcFault? Complete()
    {
        if (!_versioned)
            return new(RpcCodes.InvalidRequest, "Not JSON-RPC 2.0.", "/jsonrpc", "Send \"jsonrpc\": \"2.0\".");
        if (Kind == RpcKind.Unknown || (_hasResult && _hasError))
            return new(RpcCodes.InvalidRequest, "Neither a request nor a response.", null, "Send either a method, or a result, or an error.");
        if (Kind == RpcKind.Response)
            return (_idSeen && !_idIsNull) || (_hasError && _idIsNull) ? null : BadId with { Path = "/id" };
        if (_idIsNull)
            return BadId with { Path = "/id" };
        if (_method is NamedMethod.ToolsCall or NamedMethod.PromptsGet && !_nameSeen)
            return new(RpcCodes.InvalidParams, _paramsSeen ? "No name of what is meant." : "The params are missing.", "/params/name", "Send its name as a string.");
        return null;
    }

    private RpcFault? SeeMethod(ref Utf8JsonReader reader)
    {
        _hasMethod = true;
        if (reader.TokenType != JsonTokenType.String)
            return new(RpcCodes.InvalidRequest, "The method is no string.", null, "Send the method's name, for example \"tools/call\".");

        if (reader.ValueTextEquals("tools/call"u8))
            _method = NamedMethod.ToolsCall;
        else if (reader.ValueTextEquals("prompts/get"u8))
            _method = NamedMethod.PromptsGet;
        else if (reader.ValueTextEquals("notifications/cancelled"u8))
            _method = NamedMethod.Cancelled;
        else if (SeeName(ref reader, StrictJsonRpc.MaxNameLength) is { } fault)
            return fault with { Code = RpcCodes.InvalidRequest };
        return null;
    }

    /// <summary>A name that will be looked up, logged and echoed: short, and nothing hidden in it.</summary>
    private static RpcFault? SeeName(ref Utf8JsonReader reader, int longest)
    {
        if (reader.TokenType != JsonTokenType.String)
            return new(RpcCodes.InvalidParams, "Not a string.", null, "Send a string.");
        if (!Fits(ref reader, longest, out var text))
            return new(RpcCodes.InvalidParams, $"Longer than {longest} bytes.", null, "Send a shorter one.");
        return WireText.HasHidden(text)
            ? new(RpcCodes.InvalidParams, "Holds a control or invisible character.", null, "Send printable characters only.")
            : null;
    }

    private static bool TryReadId(ref Utf8JsonReader reader, out RpcId id)
    {
        id = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                if (!reader.TryGetInt64(out var number) || number is < -StrictJsonRpc.MaxSafeInteger or > StrictJsonRpc.MaxSafeInteger || reader.ValueSpan.SequenceEqual("-0"u8))
                    return false;
                id = new RpcId(number);
                return true;
            case JsonTokenType.String:
                if (!Fits(ref reader, StrictJsonRpc.MaxIdLength * 3, out var text) || text.IsEmpty || WireText.HasHidden(text))
                    return false;
                if (Encoding.UTF8.GetCharCount(text) > StrictJsonRpc.MaxIdLength)
                    return false;
                id = new RpcId(Encoding.UTF8.GetString(text));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads the string the reader stands on, unless it is longer than so many bytes.</summary>
    private static bool Fits(ref Utf8JsonReader reader, int longest, out ReadOnlySpan<byte> text)
    {
        text = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return text.Length <= longest;
        if (text.Length > longest * 6)
            return false;
        // Escaped names are rare; they may cost an allocation.
        var unescaped = new byte[text.Length];
        text = unescaped.AsSpan(0, reader.CopyString(unescaped));
        return text.Length <= longest;
    }
}
