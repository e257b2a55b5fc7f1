using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;
using Snakepit.Protocol.V1;
using Snakepit.Threading;

namespace Snakepit.Processes;

/// <summary>
/// The host's end of the control channel to one Python process. <c>protos/snakepit/v1/control.proto</c> describes the channel.
/// </summary>
internal sealed class ControlConnection(Socket socket) : IDisposable
{
    private const int LongestReport = 16 * 1024 * 1024;

    // What is sent instead of a call's id to announce SIGTERM.
    private const ulong SigtermFollows = ulong.MaxValue;

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly byte[] _length = new byte[4];
    private readonly Lock _sending = new();
    private Task? _expectsSigterm;

    /// <summary>The process id, as the process itself has reported it.</summary>
    public int ProcessId { get; set; }

    /// <summary>
    /// Receives the next report of the process. Returns null when the process has closed the channel, for example by ending.
    /// </summary>
    /// <exception cref="InvalidDataException">The process has sent something that is not a report.</exception>
    public async ValueTask<Report?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stream.ReadExactlyAsync(_length, cancellationToken).ConfigureAwait(false);
            var length = BinaryPrimitives.ReadInt32LittleEndian(_length);
            if (length is < 0 or > LongestReport)
            {
                throw new InvalidDataException($"A control report claims to be {length:N0} bytes long; the limit is {LongestReport:N0}.");
            }

            var content = new byte[length];
            await _stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            return Report.Parser.ParseFrom(content);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return null;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("A control report cannot be parsed.", exception);
        }
    }

    /// <summary>Sends a command to a template. Returns false if the template has ended.</summary>
    public bool Send(Command command)
    {
        var size = command.CalculateSize();
        var framed = new byte[sizeof(int) + size];
        BinaryPrimitives.WriteInt32LittleEndian(framed, size);
        command.WriteTo(framed.AsSpan(sizeof(int)));
        return Send(framed);
    }

    /// <summary>
    /// Tells a worker that a call is cancelled. This method never blocks, because otherwise a worker that reads nothing would block the
    /// code that kills it. If the socket's buffer is full, nothing is sent; the connection repeats cancellations anyway.
    /// </summary>
    public void SendCancellation(ulong call) => SendId(call);

    /// <summary>
    /// Announces SIGTERM to a worker, which otherwise does nothing on that signal. Completes when the worker expects the signal. Returns
    /// false if the worker has not answered within <paramref name="patience"/>: its main thread runs native code, so the signal would have
    /// no effect.
    /// </summary>
    public async Task<bool> AnnounceSigtermAsync(TimeSpan repeat, TimeSpan patience, TimeProvider time)
    {
        Task answered;
        lock (_sending)
        {
            answered = _expectsSigterm ??= AnsweredAsync(); // one task, because only one may read
        }

        var began = time.GetTimestamp();
        while (!answered.IsCompleted && time.GetElapsedTime(began) < patience)
        {
            SendId(SigtermFollows); // is repeated, because a signal that arrives just before the worker begins to wait has no effect
            await answered.EndsWithinAsync(repeat, time).ConfigureAwait(false);
        }

        return answered.IsCompleted;

        async Task AnsweredAsync()
        {
            try
            {
                while (await ReceiveAsync(CancellationToken.None).ConfigureAwait(false) is { ExpectsSigterm: null })
                {
                }
            }
            catch (InvalidDataException)
            {
                // The code of the adapter has written to the socket. The worker counts as ready for the signal, and is killed later.
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private void SendId(ulong call)
    {
        Span<byte> id = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(id, call);
        try
        {
            lock (_sending)
            {
                if (socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite))
                {
                    _stream.Write(id);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The worker has ended. Nothing has to be done here, because the pool watches the end of each worker.
        }
    }

    private bool Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            lock (_sending)
            {
                _stream.Write(bytes);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return false;
        }
    }
}
