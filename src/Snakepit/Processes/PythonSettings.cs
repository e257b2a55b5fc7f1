using System.Globalization;

namespace Snakepit.Processes;

/// <summary>What a Python process needs to know, passed on its command line as <c>name=value</c>.</summary>
internal sealed record PythonSettings(SnakepitOptions Options, ControlListener Listener, int Worker = 0)
{
    public IEnumerable<string> ToArguments()
    {
        yield return $"control={Listener.SocketPath}";
        yield return $"directory={Listener.Directory}";
        yield return $"adapter={Options.Adapter}";
        yield return Options.Transport == WorkerTransport.Direct ? "transport=direct" : "transport=grpc";
        yield return $"max_payload={Options.MaxPayloadBytes.ToString(CultureInfo.InvariantCulture)}";
        yield return $"worker={Worker.ToString(CultureInfo.InvariantCulture)}";
        yield return $"capacity={Options.MaxConcurrentCallsPerWorker.ToString(CultureInfo.InvariantCulture)}";
        if (Options.ModulePaths.Count == 0)
        {
            yield return $"fallback_path={AppContext.BaseDirectory}";
            yield return $"fallback_path={Environment.CurrentDirectory}";
        }
    }
}
