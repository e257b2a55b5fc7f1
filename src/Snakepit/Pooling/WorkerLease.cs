using Snakepit.Payloads;
using Snakepit.Protocol;
using Snakepit.Workers;

namespace Snakepit.Pooling;

/// <summary>A place for one call on a worker. It is occupied until it is returned to the pool.</summary>
/// <param name="Worker">The worker that runs the call.</param>
/// <param name="IsHome">Whether that worker keeps the state of the call's session.</param>
internal readonly record struct WorkerLease(PythonWorker Worker, bool IsHome)
{
    /// <summary>Sends a call to the worker; see <see cref="WorkerConnection.Begin"/>.</summary>
    public void Begin(PendingCall call, Payload arguments, TimeSpan left)
    {
        call.IsHome = IsHome;
        call.Observed?.SentTo(Worker.Number);
        Worker.Connection.Begin(call, arguments, left);
    }
}
