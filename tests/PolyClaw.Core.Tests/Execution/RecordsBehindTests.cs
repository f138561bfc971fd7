using PolyClaw.Core.Execution;

namespace PolyClaw.Core.Tests.Execution;

public sealed class RecordsBehindTests
{
    [Fact]
    public async Task Who_finds_no_room_waits_for_the_oldest()
    {
        var behind = new RecordsBehind();
        var records = Enumerable.Range(0, RecordsBehind.Most + 1).Select(_ => new TaskCompletionSource()).ToList();
        foreach (var record in records.Take(RecordsBehind.Most))
            Assert.True(behind.AddAsync(record.Task).IsCompletedSuccessfully);
        var late = behind.AddAsync(records[^1].Task);
        records[1].SetResult();
        Assert.False(late.IsCompleted);
        records[0].SetException(new IOException("first"));
        await late;
        Assert.Equal("first", behind.Failure?.Message);
    }

    [Fact]
    public void The_first_failure_is_kept_until_it_is_told_whatever_follows()
    {
        var behind = new RecordsBehind();
        foreach (var record in (Task[])[Task.CompletedTask, Task.FromException(new IOException("first")), Task.CompletedTask, Task.FromException(new IOException("second")), Task.CompletedTask])
            Assert.True(behind.AddAsync(record).IsCompletedSuccessfully);
        var failure = behind.Failure!;
        Assert.Equal("first", failure.Message);
        Assert.Same(failure, behind.Failure);
        behind.Told(failure);
        Assert.Null(behind.Failure);
    }

    [Fact]
    public void Adding_allocates_nothing_while_there_is_room()
    {
        var behind = new RecordsBehind();
        Add(); // compiled
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Add();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Add()
        {
            Assert.Null(behind.Failure);
            _ = behind.AddAsync(Task.CompletedTask);
        }
    }
}
