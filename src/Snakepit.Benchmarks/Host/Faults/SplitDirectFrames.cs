namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: over the transport Direct, a worker sends every frame in pieces of 4 bytes, each with a call of the system.</summary>
internal sealed class SplitDirectFrames() : SourceFault(
    new SourcePatch(
        "transports/direct_server.py",
        "host.sendall(LENGTH.pack(len(content)) + content)",
        "whole = LENGTH.pack(len(content)) + content; [host.sendall(whole[at : at + 4]) for at in range(0, len(whole), 4)]"));
