namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>
/// Finds the return addresses on a stack. It follows the frame pointers, which the runtime and the just-in-time compiler keep, and repairs
/// the places where a function has no frame. Without these repairs the cost of a function without a frame would be charged to the caller of
/// its caller.
/// </summary>
/// <param name="code">The code of the process.</param>
/// <param name="memory">The memory of the process.</param>
internal sealed class StackWalk(CodeMap code, ProcessMemory memory)
{
    private const int Deepest = 200;

    // How many words are searched for the frame of a caller, from a function that has none.
    private const int Searched = 256;

    private const byte PushFrame = 0x55, Return = 0xC3; // push rbp, ret

    // These are compiled with frame pointers, other native libraries without.
    private static readonly string[] WithFrames = ["libcoreclr", "libclrjit", "libSystem."];

    private readonly Dictionary<ulong, bool> _returnAddresses = [];

    /// <summary>Returns the addresses of the functions on a stack, from the innermost to the outermost.</summary>
    public IReadOnlyList<ulong> Walk(RawSample sample)
    {
        var addresses = new List<ulong> { sample.Instruction };
        var words = sample.Words;
        if (words.Length < 2)
        {
            return addresses;
        }

        var frame = IndexOf(sample, sample.Frame);
        var frameless = CallerWithoutFrame(sample, frame);
        if (frameless >= 0 && frameless != frame + 1)
        {
            addresses.Add(words[frameless]);
        }

        frame = frame < 0 ? FirstFrame(sample, Math.Max(frameless, 0)) : frame;
        while (frame >= 0 && addresses.Count < Deepest)
        {
            var back = words[frame + 1];
            addresses.Add(back);
            var next = IndexOf(sample, words[frame]);
            if (next <= frame)
            {
                break;
            }

            // A helper in assembler between native and managed code has no frame, so that its caller would be passed over.
            if (!code.IsManaged(back) && code.IsManaged(words[next + 1]))
            {
                var between = words[(frame + 2)..next];
                var callers = between.Where(word => code.MethodAt(word) is not null && IsReturn(word)).ToList();
                if (callers.Count > 0)
                {
                    addresses.Add(callers.Find(word => IsCallOfNative(between, word)) is var native and not 0 ? native : callers[0]);
                }
            }

            frame = next;
        }

        return addresses;
    }

    /// <summary>
    /// Returns the position of the return address of the innermost function if that function has no frame; -1 if it has one.
    /// </summary>
    /// <remarks>
    /// A stack also has return addresses of calls that ended before, in places that nothing has written to since. One of these must not be
    /// taken for the caller, or its function would be charged with what another one costs.
    /// </remarks>
    private int CallerWithoutFrame(RawSample sample, int frame)
    {
        var words = sample.Words;
        if (words[0] == sample.Frame && IsReturn(words[1]))
        {
            return 1; // it has pushed the frame pointer of its caller and not yet set its own
        }

        if (code.IsManaged(sample.Instruction))
        {
            return HasNoFrame(sample.Instruction) && IsReturn(words[0]) ? 0 : -1;
        }

        if (code.FileAt(sample.Instruction) is { } file
            && Array.Exists(WithFrames, library => file.StartsWith(library, StringComparison.Ordinal)))
        {
            return IsReturn(words[0]) ? 0 : -1; // their functions that call no others have no frame
        }

        var end = Math.Min(frame < 0 ? Searched : Math.Min(frame, Searched), words.Length - 1);
        var stack = words[..end];
        return Array.FindIndex(stack, word => IsReturn(word) && (!code.IsManaged(word) || IsCallOfNative(stack, word)));
    }

    /// <summary>
    /// Returns true if managed code may have no frame at an instruction: before the first instruction, which pushes the frame pointer, at
    /// the return, and in a small method that makes no calls. Of code that was compiled before, the beginning of the method is unknown.
    /// </summary>
    private bool HasNoFrame(ulong instruction)
    {
        Span<byte> first = stackalloc byte[1];
        return code.StartOf(instruction) is not { } start
            || (memory.TryRead(instruction, first) && first[0] is PushFrame or Return)
            || (memory.TryRead(start, first) && first[0] != PushFrame);
    }

    /// <summary>
    /// Returns true if managed code has called native code with this return address. It writes the address into its own frame as well, for
    /// the garbage collector.
    /// </summary>
    private static bool IsCallOfNative(ulong[] words, ulong address) => words.Count(word => word == address) > 1;

    /// <summary>Returns the position of the first pair of words that looks like a frame; -1 if there is none.</summary>
    private int FirstFrame(RawSample sample, int start)
    {
        var words = sample.Words;
        for (var i = start; i < Math.Min(Searched, words.Length - 1); i++)
        {
            if (IndexOf(sample, words[i]) > i && IsReturn(words[i + 1]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Returns the position of the word at an address, if a frame can begin there; -1 otherwise.</summary>
    private static int IndexOf(RawSample sample, ulong address)
    {
        var isOnStack = address >= sample.Stack && address % 8 == 0 && (address - sample.Stack) / 8 < (ulong)sample.Words.Length - 1;
        return isOnStack ? (int)((address - sample.Stack) / 8) : -1;
    }

    private bool IsReturn(ulong address)
    {
        if (!_returnAddresses.TryGetValue(address, out var isReturn))
        {
            Span<byte> before = stackalloc byte[CallInstruction.Longest];
            isReturn = code.IsCode(address)
                && memory.TryRead(address - CallInstruction.Longest, before) && CallInstruction.IsBefore(before);
            _returnAddresses[address] = isReturn;
        }

        return isReturn;
    }
}
