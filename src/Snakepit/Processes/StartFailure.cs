using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Grpc.Core;

namespace Snakepit.Processes;

/// <summary>Creates the exception that says why the operating system has not started a process.</summary>
internal static class StartFailure
{
    private const string RaiseProcesses =
        "Raise the limit of processes (ulimit -u, TasksMax of a systemd service, --pids-limit of a container), or use fewer workers.";

    private const string RaiseDescriptors = "Raise the limit of open files (ulimit -n), or open fewer files and sockets.";

    private const string RaiseMemory = "raise the limit of memory (ulimit -v, MemoryMax of a systemd service, --memory of a container)";

    private const string ChangeLimit =
        "Change this option, or the limit of the program that it meets (ulimit -H, LimitNOFILE and the like of a systemd service).";

    private const string FreeMemory = $"Free memory, {RaiseMemory}, or use fewer workers.";

    // The numbers of errors on Linux (errno.h).
    private const int NotPermitted = 1, NotFound = 2, TooLong = 7, NoProgram = 8, NoProcess = 11, NoMemory = 12, NoAccess = 13;
    private const int TooManyOpenInSystem = 23, TooManyOpen = 24, IsWritten = 26;

    /// <param name="file">The program that should have been started.</param>
    /// <param name="failure">The exception of .NET.</param>
    public static PoolStartException Of(string file, Win32Exception failure)
    {
        return failure.NativeErrorCode switch
        {
            NoProcess => Limit("no more processes can be started", RaiseProcesses),
            NoMemory => Limit("there is no memory for another process", FreeMemory),
            TooManyOpen => Limit("this program has no file descriptor left", RaiseDescriptors),
            TooManyOpenInSystem => Limit("the system has no file descriptor left", RaiseDescriptors),
            IsWritten => Limit("another program has the file open for writing", "Wait until it is written."),
            TooLong => Limit("its environment variables and arguments are too long", "Shorten the environment."),
            NotFound when File.Exists(file) => Unusable(MissingLoader(file)),
            NotPermitted or NoAccess when File.Exists(file) =>
                Unusable("this user may not execute it. Look at its mode (chmod +x), and whether its file system is mounted with noexec"),
            NoProgram => Unusable(
                $"it is no program for this machine ({RuntimeInformation.ProcessArchitecture}). A script needs a first line such as "
                + "#!/bin/sh"),
            _ => Unusable(failure.Message),
        };

        SystemLimitException Limit(string why, string remedy) =>
            new($"'{file}' cannot be started: {why} ({failure.Message}). {remedy}", failure);

        PythonNotFoundException Unusable(string why) => new(
            $"'{file}' cannot be started: {why}. Set {PythonLocator.Variable} or {nameof(SnakepitOptions)}."
            + $"{nameof(SnakepitOptions.PythonPath)} to a Python interpreter.",
            failure);
    }

    /// <summary>
    /// Creates the exception for a step of a start that a limit of the system has refused to this program: a file descriptor, a thread or
    /// memory. Returns null if the failure has another cause.
    /// </summary>
    /// <param name="what">What could not be done, as the beginning of a sentence.</param>
    /// <param name="failure">The exception of .NET, which may have the cause as an inner exception.</param>
    public static SystemLimitException? OfLimit(string what, Exception failure)
    {
        for (var cause = failure; cause is not null; cause = InnerOf(cause))
        {
            switch (cause)
            {
                case SystemLimitException limit:
                    return limit;
                // .NET has one value for the limit of this program and that of the system.
                case SocketException { SocketErrorCode: SocketError.TooManyOpenSockets }:
                case IOException { HResult: TooManyOpen or TooManyOpenInSystem }:
                    return new($"{what}: no file descriptor is left ({cause.Message.TrimEnd('.')}). {RaiseDescriptors}", failure);
                case SocketException { SocketErrorCode: SocketError.NoBufferSpaceAvailable }:
                case IOException { HResult: NoMemory }:
                    return new($"{what}: there is no memory for it ({cause.Message.TrimEnd('.')}). {FreeMemory}", failure);
                case OutOfMemoryException:
                    // .NET throws it also for a thread that cannot be started.
                    return new($"{what}: no thread can be started, or no memory is left ({cause.Message.TrimEnd('.')}). {RaiseProcesses} "
                        + FreeMemory, failure);
            }
        }

        return null;
    }

    /// <summary>Creates the exception for a directory or file for sockets that cannot be made.</summary>
    /// <param name="path">The path of the directory or socket, or of the directory that it should be made in.</param>
    /// <param name="what">What could not be done, as the beginning of a sentence.</param>
    /// <param name="failure">The exception of .NET.</param>
    public static PoolStartException OfSockets(string path, string what, Exception failure) =>
        OfLimit(what, failure) ?? (PoolStartException)new SocketDirectoryException(path, what, failure);

    /// <summary>Starts a pool or template, and names the limit if the system has refused something to this program.</summary>
    /// <param name="what">What is started, as the beginning of a sentence.</param>
    /// <param name="start">Starts it.</param>
    public static async Task<T> NamingLimitsAsync<T>(string what, Func<Task<T>> start)
    {
        try
        {
            return await start().ConfigureAwait(false);
        }
        catch (Exception exception) when (OfUnnamedLimit(what, exception) is { } limit)
        {
            throw limit;
        }
    }

    /// <summary>
    /// Creates the exception for a start that a limit of the system has refused. Returns null if <paramref name="failure"/> says itself why
    /// the start has failed, or has another cause.
    /// </summary>
    /// <param name="what">What is started, as the beginning of a sentence.</param>
    /// <param name="failure">The exception of the start.</param>
    public static SystemLimitException? OfUnnamedLimit(string what, Exception failure) =>
        failure is PoolStartException or OperationCanceledException ? null : OfLimit($"{what} cannot be started", failure);

    // The status of a failed gRPC call keeps its cause elsewhere.
    private static Exception? InnerOf(Exception exception) =>
        exception is RpcException { Status.DebugException: { } debugged } ? debugged : exception.InnerException;

    /// <summary>Creates the exception for a process that a limit of the system has ended in Python, or kept from being forked.</summary>
    /// <param name="what">The name of the process at the beginning of a sentence, such as "Worker 3".</param>
    /// <param name="reason">Python's error.</param>
    public static SystemLimitException OfPython(string what, string reason) => new(
        $"{what} cannot be started: {reason.TrimEnd()}. "
        + (AdviceOn(reason)
            ?? (reason.Contains("[Errno 11]", StringComparison.Ordinal)
                ? RaiseProcesses
                : $"{RaiseProcesses} {RaiseDescriptors} {FreeMemory}")));

    /// <summary>Returns what to do about the limit of the system that has caused an error of Python; null if none has.</summary>
    /// <param name="reason">Python's error, with what <c>snakepit_worker/process/limits.py</c> adds to it.</param>
    public static string? AdviceOn(string reason)
    {
        return Has($"{nameof(SnakepitOptions)}.{nameof(SnakepitOptions.Limits)}.") ? ChangeLimit
            : Has("[Errno 24]") || Has("[Errno 23]") || Has("Too many open files") ? RaiseDescriptors
            : Has("[Errno 12]") || Has("MemoryError") || Has("failed to map segment") ? FreeMemory
            : !Has("can't start new thread") ? null
            : Has("ulimit -v") ? $"{RaiseProcesses} Or {RaiseMemory}."
            : RaiseProcesses;

        bool Has(string text) => reason.Contains(text, StringComparison.Ordinal);
    }

    /// <summary>Says what the kernel has not found, although it has found the file itself.</summary>
    private static string MissingLoader(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var start = new char[256];
            var line = new string(start, 0, reader.Read(start)).Split('\n')[0];
            return line.StartsWith("#!", StringComparison.Ordinal)
                ? $"it is a script, and the program in its first line, '{line[2..].Trim()}', does not exist"
                : "the loader that it needs does not exist; perhaps it was built for another C library";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"what it needs to run does not exist, and it cannot be read ({exception.Message.TrimEnd('.')})";
        }
    }
}
