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
        var caller = CallerWithoutFrame(sample, frame);
        if (caller >= 0 && caller != frame + 1)
        {
            addresses.Add(words[caller]);
        }

        frame = frame < 0 ? FirstFrame(sample, Math.Max(caller, 0)) : frame;
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
                var skipped = Array.FindIndex(
                    words, frame + 2, next - frame - 2, word => code.MethodAt(word) is not null && IsReturn(word));
                if (skipped >= 0)
                {
                    addresses.Add(words[skipped]);
                }
            }

            frame = next;
        }

        return addresses;
    }

    /// <summary>
    /// Returns the position of the return address of the innermost function if that function has no frame; -1 if it has one.
    /// </summary>
    private int CallerWithoutFrame(RawSample sample, int frame)
    {
        var words = sample.Words;
        if (IsReturn(words[0]))
        {
            return 0; // it has no frame, or has just been called
        }

        if (words[0] == sample.Frame && IsReturn(words[1]))
        {
            return 1; // it has pushed the frame pointer of its caller and not yet set its own
        }

        if (code.MethodAt(sample.Instruction) is not null)
        {
            return -1;
        }

        // Native libraries are compiled without frame pointers, other than the runtime.
        return code.FileAt(sample.Instruction)?.StartsWith("libcoreclr", StringComparison.Ordinal) == true
            ? -1
            : Array.FindIndex(words, 1, Math.Min(frame < 0 ? Searched : Math.Min(frame, Searched), words.Length - 1), IsReturn);
    }

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
