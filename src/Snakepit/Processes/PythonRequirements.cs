namespace Snakepit.Processes;

/// <summary>What an interpreter must have to run workers.</summary>
internal static class PythonRequirements
{
    /// <summary>The packages, in words.</summary>
    public static string Packages(WorkerTransport transport) => transport == WorkerTransport.Direct ? "protobuf" : "grpcio and protobuf";

    /// <summary>How to install them.</summary>
    public static string HowToInstall(WorkerTransport transport) => transport == WorkerTransport.Direct
        ? "pip install protobuf; on Debian: apt-get install python3-protobuf"
        : "pip install grpcio protobuf; on Debian: apt-get install python3-grpcio python3-protobuf";

    /// <summary>The error that says what an interpreter lacks and how to install it.</summary>
    public static PythonRuntimeException NotMet(string interpreter, string details, WorkerTransport transport) =>
        new(interpreter, details, Packages(transport), HowToInstall(transport));

    /// <summary>A Python program that exits with 0 where they are.</summary>
    public static string Question(WorkerTransport transport) => "import sys, importlib.util as u; import google.protobuf; "
        + (transport == WorkerTransport.Direct
            ? "sys.exit(sys.version_info < (3, 11))"
            : "sys.exit(not (sys.version_info >= (3, 11) and u.find_spec('grpc')))");
}
