namespace PolyClaw.Instances;

/// <summary>Makes requests wait until the instance has taken up what the last one left.</summary>
internal static class StartWait
{
    public static IMcpServerBuilder WithStartWait(this IMcpServerBuilder builder) =>
        builder.WithMessageFilters(filters => filters.AddIncomingFilter(next => async (context, cancellationToken) =>
        {
            if (!InstanceStart.CanAnswerBefore(context.JsonRpcMessage))
                await context.Services!.GetRequiredService<InstanceStart>().Ready.WaitAsync(cancellationToken);
            await next(context, cancellationToken);
        }));
}
