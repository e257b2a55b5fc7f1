using System.Runtime.InteropServices;
using Snakepit.Benchmarks.Protocol.Slots;

namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>
/// A call that takes data to Python or brings them back, and the check that they are right. The check is apart from the call, so that the
/// call can be measured without it. All calls are those of one session, so that one worker makes them.
/// </summary>
internal sealed class Transfer : IAsyncDisposable
{
    private readonly Func<SnakepitSession, Task> _call, _check;

    private Transfer(SnakepitPool pool, Func<SnakepitSession, Task> call, Func<SnakepitSession, Task> check) =>
        (Session, _call, _check) = (pool.OpenSession("transfer", AffinityMode.Wait), call, check);

    /// <summary>The session whose calls are made.</summary>
    public SnakepitSession Session { get; }

    /// <summary>Makes up the data for calls of a kind and size. See <see cref="TransferSlot"/>.</summary>
    public static Transfer Of(SnakepitPool pool, TransferKind kind, int bytes)
    {
        var length = bytes / sizeof(float);
        return kind switch
        {
            TransferKind.Records => RecordsOf(pool, MadeUpRecords.OfJson(bytes)),
            TransferKind.Numbers => NumbersOf(pool, [.. MadeUpNumbers.Of(length)]),
            TransferKind.Array => ArrayOf(pool, MadeUpNumbers.Of(length)),
            TransferKind.Argument => ArgumentOf(pool, MadeUpArray.Of(length)),
            _ => ResultOf(pool, MadeUpArray.Of(length)),
        };
    }

    /// <summary>Makes the call once.</summary>
    public Task CallAsync() => _call(Session);

    /// <summary>Checks the data of the last call, completely.</summary>
    /// <exception cref="InvalidOperationException">The data are not what was sent.</exception>
    public Task RequireRightAsync() => _check(Session);

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private static Transfer RecordsOf(SnakepitPool pool, MadeUpRecord[] records) => Returning<RecordsEcho>(
        pool, "echo", new { records }, came => MadeUpRecords.RequireEqual(records, came.Records));

    private static Transfer NumbersOf(SnakepitPool pool, List<float> numbers) => Returning<NumbersEcho>(
        pool, "echo", new { numbers },
        came => MadeUpNumbers.RequireEqual(CollectionsMarshal.AsSpan(numbers), CollectionsMarshal.AsSpan(came.Numbers)));

    private static Transfer ArrayOf(SnakepitPool pool, float[] array) => Returning<float[]>(
        pool, "echo_tensor", new { array }, came => MadeUpNumbers.RequireEqual(array, came));

    private static Transfer ResultOf(SnakepitPool pool, float[] expected) => Returning<float[]>(
        pool, "give", new { length = expected.Length }, came => MadeUpNumbers.RequireEqual(expected, came));

    private static Transfer ArgumentOf(SnakepitPool pool, float[] array)
    {
        return new Transfer(
            pool,
            session => session.ExecuteAsync<int>("take", new { array }),
            async session =>
            {
                // Python makes up the same array by itself, because a second copy could be as wrong as the first.
                var right = await session.ExecuteAsync<int>("count_right", new { length = array.Length });
                if (right != array.Length)
                {
                    throw new InvalidOperationException($"Of {array.Length:N0} numbers that were sent, Python got {right:N0} right.");
                }
            });
    }

    private static Transfer Returning<T>(SnakepitPool pool, string tool, object arguments, Action<T> check)
        where T : class
    {
        T? came = null;
        return new Transfer(
            pool,
            async session => came = await session.ExecuteAsync<T>(tool, arguments),
            _ =>
            {
                check(came!);
                came = null; // so that the memory is free before the next call, as it is in a program
                return Task.CompletedTask;
            });
    }

    private sealed record RecordsEcho(MadeUpRecord[] Records);

    private sealed record NumbersEcho(List<float> Numbers);
}
