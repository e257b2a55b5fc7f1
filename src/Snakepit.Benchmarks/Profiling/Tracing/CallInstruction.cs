namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>Recognises call instructions of x86-64. An address on the stack is a return address only if it comes after one.</summary>
internal static class CallInstruction
{
    /// <summary>The length of the longest call instruction without prefixes, and so of what must be read before an address.</summary>
    public const int Longest = 8;

    /// <summary>Returns true if the bytes before an address can end in a call instruction.</summary>
    /// <param name="before">The <see cref="Longest"/> bytes before the address.</param>
    public static bool IsBefore(ReadOnlySpan<byte> before)
    {
        if (before[^5] == 0xE8)
        {
            return true; // call to a relative address of 32 bits
        }

        for (var length = 2; length < Longest; length++)
        {
            var instruction = before[^length..];
            if (instruction[0] == 0xFF && ((instruction[1] >> 3) & 7) == 2 && LengthOfIndirect(instruction) == length)
            {
                return true; // call to an address in a register or in memory
            }
        }

        return false;
    }

    /// <summary>Returns the length that an indirect call has according to its operand.</summary>
    private static int LengthOfIndirect(ReadOnlySpan<byte> instruction)
    {
        var (mode, register) = (instruction[1] >> 6, instruction[1] & 7);
        if (mode == 3)
        {
            return 2;
        }

        var hasScale = register == 4;
        if (hasScale && instruction.Length < 3)
        {
            return 0;
        }

        var isAbsolute = mode == 0 && (register == 5 || (hasScale && (instruction[2] & 7) == 5));
        return 2 + (hasScale ? 1 : 0) + (mode == 1 ? 1 : mode == 2 || isAbsolute ? 4 : 0);
    }
}
