using System.Runtime.InteropServices;
using System.Text.Json;
using Python.Runtime;
using Snakepit.Benchmarks.Host.Meters;
using Snakepit.Benchmarks.Subprocesses;
using Snakepit.Processes;

namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>
/// A peer (an alternative to the pool) that runs Python in this process. It copies the elements of an array into one of numpy, calls a
/// Python function with it, and copies the elements of its result into a new array.
/// </summary>
internal sealed class PythonnetPeer : IArrayPeer
{
    /// <summary>Python code for the name of the interpreter's shared library, which Debian has in a package of its own.</summary>
    public const string LibraryCode = "__import__('sysconfig').get_config_var('INSTSONAME')";

    private const string Functions = """
        import numpy

        def empty(length):
            return numpy.empty(length, numpy.float32)

        def address_of(array):
            return array.ctypes.data

        def echo(array):
            return array
        """;

    private readonly PyModule _module;

    private PythonnetPeer(PyModule module) => _module = module;

    /// <summary>Starts Python in this process, with the modules that the interpreter of the workers has.</summary>
    public static async Task<PythonnetPeer> StartAsync()
    {
        var requirements = Transports.Of(WorkerTransport.Direct).Requirements;
        var python = await PythonLocator.LocateAsync(configured: null, requirements, CancellationToken.None);
        var asked = await Subprocess.RunAsync(
            python, ["-c", $"import json, sys; print(json.dumps([{LibraryCode}, *sys.path[1:]]))"], CancellationToken.None);
        string[] answer = asked.ExitCode == 0
            ? JsonSerializer.Deserialize<string[]>(asked.Output)!
            : throw new InvalidOperationException($"{python} cannot say where its library is: {asked.Errors}");
        Runtime.PythonDLL = answer[0];
        PythonEngine.Initialize(setSysArgv: false);
        PythonEngine.BeginAllowThreads();
        using (Py.GIL())
        {
            using var sys = Py.Import("sys");
            using var path = sys.GetAttr("path");
            foreach (var folder in answer[1..])
            {
                path.InvokeMethod("append", new PyString(folder)).Dispose();
            }

            var module = Py.CreateScope();
            module.Exec(Functions);
            return new PythonnetPeer(module);
        }
    }

    public Task<double[]> EchoAsync(int length, int count)
    {
        var array = MadeUpArray.Of(length);
        return SingleCaller.RunAsync(count, () =>
        {
            MadeUpArray.RequireSame(array, Echo(array));
            return Task.CompletedTask;
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // Python ends with this process

    private float[] Echo(float[] elements)
    {
        using var gil = Py.GIL();
        using var length = new PyInt(elements.Length);
        using var array = _module.InvokeMethod("empty", length);
        Marshal.Copy(elements, 0, AddressOf(array), elements.Length);
        using var result = _module.InvokeMethod("echo", array);
        var echo = GC.AllocateUninitializedArray<float>(elements.Length);
        Marshal.Copy(AddressOf(result), echo, 0, echo.Length);
        return echo;
    }

    private nint AddressOf(PyObject array)
    {
        using var address = _module.InvokeMethod("address_of", array);
        return (nint)address.As<long>();
    }
}
