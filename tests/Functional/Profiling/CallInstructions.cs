using Snakepit.Benchmarks.Profiling.Tracing;

namespace Snakepit.Tests.Functional.Profiling;

public sealed class CallInstructions
{
    [Theory]
    [InlineData("90 90 90 E8 12 34 56 78")] // call rel32
    [InlineData("90 90 90 90 90 90 FF D0")] // call rax
    [InlineData("90 90 90 90 90 41 FF D4")] // call r12
    [InlineData("90 90 90 90 90 FF 50 18")] // call [rax+0x18]
    [InlineData("90 90 FF 15 12 34 56 78")] // call [rip+0x78563412]
    [InlineData("90 90 FF 90 00 01 00 00")] // call [rax+0x100]
    [InlineData("90 90 90 90 FF 54 24 08")] // call [rsp+8]
    [InlineData("90 FF 14 25 00 10 00 00")] // call [0x1000]
    public void A_return_address_comes_after_a_call(string before) => Assert.True(CallInstruction.IsBefore(Bytes(before)));

    [Theory]
    [InlineData("90 90 90 90 90 90 90 90")]
    [InlineData("90 90 90 90 90 90 FF E0")] // jmp rax
    [InlineData("90 90 90 90 FF D0 90 90")] // call rax, two bytes earlier
    [InlineData("90 90 90 90 90 FF 90 01")] // the beginning of a longer call
    [InlineData("E8 12 34 56 78 90 90 90")] // a call that ends earlier
    public void Other_addresses_do_not(string before) => Assert.False(CallInstruction.IsBefore(Bytes(before)));

    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
