namespace Snakepit.Benchmarks.Validation.Naming;

/// <summary>The trials of the profiled session: functions on the path of a call, in both languages and over both transports.</summary>
internal static class NamingTrials
{
    private const WorkerTransport Direct = WorkerTransport.Direct, Grpc = WorkerTransport.Grpc;
    private const int IdenticalSessions = 5; // over each transport

    public static IReadOnlyList<NamingTrial> All { get; } =
    [
        NamingTrial.InDotNet(Direct, "PoolState.Request", 1, "Scheduling/PoolState.cs", "if (Choose(session) is { } entry)"),
        NamingTrial.InDotNet(Grpc, "PoolState.Return", 2, "Scheduling/PoolState.cs", "entry.EndCall(session, now);"),
        NamingTrial.InDotNet(
            Direct, "CallDispatcher.Dispatch", 2, "Pooling/CallDispatcher.cs", "cancellationToken.ThrowIfCancellationRequested();"),
        NamingTrial.InDotNet(
            Grpc, "CallRunner.CallAsync", 3, "Pooling/CallRunner.cs", "var mayRetry = MayRetry(session, callOptions);"),
        NamingTrial.InDotNet(
            Direct, "UnaryCall.NotifyCaller", 2, "Protocol/UnaryCall.cs", "_result.RunContinuationsAsynchronously = !inline;"),
        NamingTrial.InDotNet(Grpc, "RunningCalls.Add", 2, "Protocol/RunningCalls.cs", "_calls.Add(call.Id, call);"),
        NamingTrial.InDotNet(
            Direct, "RunningCalls.Remove", 1, "Protocol/RunningCalls.cs", "return _calls.Remove(id, out var call) ? call : null;"),
        NamingTrial.InDotNet(
            Grpc, "WorkerConnection.Completed", 3, "Protocol/WorkerConnection.Frames.cs", "call.Note(frame.Recorded);"),
        NamingTrial.InDotNet(Direct, "FrameSender.Send", 2, "Protocol/Direct/FrameSender.cs", "Frames++;"),
        NamingTrial.InDotNet(
            Direct, "DirectTransport.HandleReceived", 3, "Protocol/Direct/DirectTransport.cs",
            "_received.Add(_receiving.BytesTransferred);"),
        NamingTrial.InDotNet(Grpc, "GrpcTransport.OnArrival", 2, "Protocol/Grpc/GrpcTransport.cs", "_received++;"),
        NamingTrial.InDotNet(
            Direct, "WorkerPool.Return", 5, "Pooling/WorkerPool.Leases.cs", "var now = session is null ? default : Now;"),
        NamingTrial.InPython(
            Direct, "PlainCallRunner._run", 5, "dispatch/plain_calls.py", "found = self._catalog.find(call)"),
        NamingTrial.InPython(Grpc, "Catalog.find", 5, "dispatch/catalog.py", "found = self._tools.get(call.tool)"),
        NamingTrial.InPython(Direct, "encode", 5, "payloads/codec.py", "text = None"),
        NamingTrial.InPython(Grpc, "AnswerFrames._encoded", 8, "dispatch/answer_frames.py", "encoded = codec.encode(value)"),
        NamingTrial.InPython(
            Direct, "AnswerFrames.result", 8, "dispatch/answer_frames.py", "encoded = self._encoded(call, value, \"result\")"),
        NamingTrial.InPython(Grpc, "_sender_of_own.<locals>.checked", 8, "transports/grpc_server.py", "send(encoded(frame))"),
        NamingTrial.InPython(Direct, "sender_to.<locals>.send", 5, "transports/direct_server.py", "content = encoded(frame)"),
        NamingTrial.InPython(Direct, "frames_from", 8, "transports/direct_server.py", "received = host.recv(_CHUNK)"),
        NamingTrial.InPython(Grpc, "_frames_of_own", 8, "transports/grpc_server.py", "frame = parse(content)"),
        NamingTrial.InPython(
            Direct, "ValueTools.ping", 5, "adapters/showcase/values.py", "return {\"message\": message, \"time\": time.time()}"),
        NamingTrial.InPython(
            Grpc, "PlainCallRunner._answer", 8, "dispatch/plain_calls.py", "call_id, interrupts = call.id, self._interrupts"),
        NamingTrial.InPython(Direct, "MainThreadInterrupts.run", 5, "interrupts/main_thread.py", "self._armed = call_id"),
        .. Enumerable.Repeat(new NamingTrial(Direct, "", 0), IdenticalSessions),
        .. Enumerable.Repeat(new NamingTrial(Grpc, "", 0), IdenticalSessions),
    ];
}
