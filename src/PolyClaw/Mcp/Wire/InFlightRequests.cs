namespace PolyClaw.Mcp.Wire;

/// <summary>The requests of one stdio session that have no answer yet. An id may be used again only after its answer.</summary>
internal sealed class InFlightRequests(int most)
{
    private readonly Lock _gate = new();
    private readonly HashSet<RpcId> _ids = [];
    private TaskCompletionSource? _none;

    /// <summary>Notes a request, or says why it may not start.</summary>
    public RpcFault? Begin(RpcId id)
    {
        lock (_gate)
        {
            if (_ids.Contains(id))
                return new RpcFault(RpcCodes.InvalidRequest, "A request with this id is in progress.", "/id", "Use an id only once.");
            if (_ids.Count >= most)
                return new RpcFault(RpcCodes.TooManyRequests, $"More than {most} requests in progress.", null, "Wait for an answer first.");
            _ids.Add(id);
            return null;
        }
    }

    /// <summary>Forgets a request that was answered or cancelled.</summary>
    public void End(RpcId id)
    {
        lock (_gate)
        {
            _ids.Remove(id);
            if (_ids.Count == 0)
                _none?.TrySetResult();
        }
    }

    /// <summary>Done when no request is without its answer. For one who begins no more.</summary>
    public Task NoneAsync()
    {
        lock (_gate)
        {
            if (_ids.Count == 0)
                return Task.CompletedTask;
            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _none.Task;
        }
    }
}
