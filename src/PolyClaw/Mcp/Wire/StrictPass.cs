using System.Text;
using System.Text.Json;

namespace PolyClaw.Mcp.Wire;

/// <summary>One walk over one message. The first fault is kept and the walk goes on, so that the error can carry the message's id.</summary>
internal ref struct StrictPass
{
    private readonly ReadOnlySpan<byte> _message;
    private Utf8JsonReader _reader;
    private MemberNames _names;
    private StrictFrames _frames;
    private StrictEnvelope _envelope;
    private RpcFault? _fault;
    private int _depth;
    private int _owners;

    public StrictPass(ReadOnlySpan<byte> message)
    {
        _message = message;
        _reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = StrictJsonRpc.MaxDepth + 1 });
        _names = new MemberNames(message);
    }

    public RpcVerdict Run()
    {
        while (_reader.Read())
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when _depth == StrictJsonRpc.MaxDepth:
                    Refuse(RpcCodes.InvalidRequest, $"Nested deeper than {StrictJsonRpc.MaxDepth} levels.", "Send a flatter message.");
                    return Verdict(); // The rest is not worth reading.
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    Value();
                    Enter();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _depth--;
                    break;
                case JsonTokenType.PropertyName:
                    if (!Name())
                        return Verdict();
                    break;
                default:
                    Value();
                    break;
            }
        }

        _fault ??= _envelope.Complete();
        return Verdict();
    }

    public readonly RpcFault SyntaxFault() => new(
        RpcCodes.ParseError,
        _message.IsEmpty ? "The message is empty." : $"Not valid JSON: the fault is near byte {_reader.BytesConsumed}.",
        null,
        "Send one JSON-RPC 2.0 object; comments and trailing commas are not JSON.");

    public readonly void Dispose() => _names.Dispose();

    private readonly RpcVerdict Verdict() =>
        new(_envelope.Kind, _envelope.Id, _fault, _envelope.Version, _envelope.Cancels);

    private void Enter()
    {
        var array = _reader.TokenType == JsonTokenType.StartArray;
        var scope = WireScope.Other;
        if (_depth == 0)
            scope = WireScope.Envelope;
        else if (!array)
            scope = (_frames[_depth - 1].Scope, _frames[_depth - 1].Member) switch
            {
                (WireScope.Envelope, WireMember.Params) => WireScope.Params,
                (WireScope.Params, WireMember.Meta) => WireScope.Meta,
                _ => WireScope.Other,
            };

        if (_depth == 0 && array)
            Refuse(RpcCodes.InvalidRequest, "Batches are not supported.", "Send each message on its own.");
        _frames[_depth++] = new StrictFrame { Owner = array ? 0 : ++_owners, Scope = scope, At = array ? -1 : 0 };
    }

    private void Value()
    {
        if (_depth == 0)
        {
            if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                Refuse(RpcCodes.InvalidRequest, "The message is no JSON object.", "Send one JSON-RPC 2.0 object.");
            return;
        }

        ref var frame = ref _frames[_depth - 1];
        if (frame.IsArray)
        {
            frame.At++;
            frame.Member = WireMember.Other;
        }

        if (_reader.TokenType == JsonTokenType.String && _reader.ValueIsEscaped && WireText.HasLoneSurrogate(_reader.ValueSpan))
            Refuse(RpcCodes.InvalidRequest, "The text holds half a surrogate pair.", "Escape both halves, or write the character itself.");
        else if (frame.Member != WireMember.Other && _envelope.See(frame.Scope, frame.Member, ref _reader) is { } fault)
            Refuse(fault.Code, fault.Message, fault.Fix);
    }

    /// <returns>False when there are too many members to go on.</returns>
    private bool Name()
    {
        ref var frame = ref _frames[_depth - 1];
        (frame.At, frame.Length, frame.Member) = ((int)_reader.TokenStartIndex + 1, _reader.ValueSpan.Length, WireMember.Other);
        if (_names.IsFull)
        {
            Refuse(RpcCodes.InvalidRequest, $"More than {MemberNames.MaxMembers} members in one message.", "Send less in one message.");
            return false;
        }

        if (!_reader.ValueIsEscaped)
        {
            Name(ref frame, _reader.ValueSpan, plain: true);
            return true;
        }

        if (WireText.HasLoneSurrogate(_reader.ValueSpan))
        {
            Refuse(RpcCodes.InvalidRequest, "A member's name holds half a surrogate pair.", null);
            return true;
        }

        // Unescaping never lengthens.
        var unescaped = frame.Length <= 512 ? stackalloc byte[512] : new byte[frame.Length];
        Name(ref frame, unescaped[.._reader.CopyString(unescaped)], plain: false);
        return true;
    }

    private void Name(ref StrictFrame frame, scoped ReadOnlySpan<byte> name, bool plain)
    {
        if (WireText.HasControl(name))
        {
            Refuse(RpcCodes.InvalidRequest, "A member's name holds a control character.", "Send the name without it.");
            return;
        }

        if (frame.Scope is WireScope.Envelope or WireScope.Params)
        {
            FoldedName(ref frame, name);
            return;
        }

        if (!(plain ? _names.Add(frame.Owner, frame.At, frame.Length) : _names.AddRewritten(frame.Owner, name)))
            Refuse(RpcCodes.InvalidRequest, "The same member twice.", "Send each member once.");
        frame.Member = WireMembers.Find(frame.Scope, name);
    }

    /// <summary>Members that JSON-RPC and MCP read: also refused when they differ from another, or from a known one, by case alone.</summary>
    private void FoldedName(ref StrictFrame frame, scoped ReadOnlySpan<byte> name)
    {
        if (name.Length > WireMembers.MaxFolded)
        {
            Refuse(RpcCodes.InvalidRequest, $"A member's name is longer than {WireMembers.MaxFolded} bytes.", null);
            return;
        }

        Span<byte> folded = stackalloc byte[WireMembers.MaxFolded];
        folded = folded[..WireMembers.Fold(name, folded)];
        frame.Member = WireMembers.Find(frame.Scope, name);
        if (!_names.AddRewritten(frame.Owner, folded))
        {
            if (frame is { Scope: WireScope.Envelope, Member: WireMember.Id })
                _envelope.ForgetId(); // Which of the two is meant nobody can say.
            Refuse(RpcCodes.InvalidRequest, "The same member twice, or twice but for case.", "Send each member once.");
            frame.Member = WireMember.Other;
        }
        else if (frame.Member == WireMember.Other && WireMembers.Spelling(frame.Scope, folded) is { } right)
        {
            Refuse(RpcCodes.InvalidRequest, "A member's name differs from a known one by case.", $"Write \"{right}\".");
        }
    }

    private void Refuse(int code, string message, string? fix) => _fault ??= new RpcFault(code, message, Pointer(), fix);

    private readonly string Pointer()
    {
        var pointer = new StringBuilder();
        for (var i = 0; i < _depth && pointer.Length < 256; i++)
        {
            var frame = _frames[i];
            pointer.Append('/');
            if (frame.IsArray)
                pointer.Append(Math.Max(frame.At, 0));
            else
                pointer.Append(WireText.Shown(_message.Slice(frame.At, frame.Length), 64).Replace("~", "~0", StringComparison.Ordinal)
                    .Replace("/", "~1", StringComparison.Ordinal));
        }

        return pointer.ToString();
    }
}
