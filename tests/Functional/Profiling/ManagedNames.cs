using Snakepit.Benchmarks.Profiling.Tracing;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests that the names of compiled methods become functions as they are in the source.</summary>
public sealed class ManagedNames
{
    [Theory]
    [InlineData("instance void [Snakepit] Snakepit.Scheduling.PoolState::Request()[OptimizedTier1]", "PoolState.Request")]
    [InlineData(
        "instance void [Snakepit] Snakepit.Pooling.CallRunner+<RunAsync>d__7`1[System.__Canon]::MoveNext()[Tier0]",
        "CallRunner.RunAsync")]
    [InlineData(
        "instance int32 [Snakepit] Snakepit.Pooling.CallRunner+<>c::<Run>b__3_0(class [System.Runtime]System.Object)[QuickJitted]",
        "CallRunner.Run")]
    [InlineData("void [Snakepit] Snakepit.Pooling.CallRunner+<>c__DisplayClass4_0::<Run>b__0()[Tier1]", "CallRunner.Run")]
    [InlineData("void [Snakepit] Snakepit.Pooling.CallRunner::<RunAsync>g__Local|5_0(int32)[Tier1]", "CallRunner.RunAsync")]
    [InlineData(
        "instance void [Snakepit] Snakepit.Pooling.CallRunner+<>c__DisplayClass5_0+<<RunAsync>g__Local|1>d::MoveNext()[Tier1]",
        "CallRunner.RunAsync")]
    [InlineData(
        "instance void [Snakepit] Snakepit.Threading.Table`2+Entry[System.__Canon,System.List`1[int32]]::.ctor(!0)[Tier1]",
        "Table.Entry..ctor")]
    [InlineData(
        "class [System.Runtime]System.Collections.List`1<string[]> [Snakepit] Snakepit.Outer+Inner::Get[System.__Canon](!!0)[Tier1]",
        "Outer.Inner.Get")]
    [InlineData("int32 [Snakepit.Benchmarks] Program::<Main>$(string[])[QuickJitted]", "Program.Main", "Snakepit.Benchmarks")]
    [InlineData(
        "instance void [Snakepit.Benchmarks] Program+<<Main>$>d__0::MoveNext()[QuickJitted]",
        "Program.Main", "Snakepit.Benchmarks")]
    public void A_method_of_this_repository_is_named_as_in_its_source(string name, string function, string module = "Snakepit") =>
        Assert.Equal(new Frame(function, module, IsOwn: true), ManagedName.Parse(name));

    [Fact]
    public void A_method_of_a_library_is_not_of_the_product() => Assert.Equal(
        new Frame("List.Add", "System.Private.CoreLib", IsOwn: false),
        ManagedName.Parse("instance void [System.Private.CoreLib] System.Collections.Generic.List`1[System.__Canon]::Add(!0)[PreJIT]"));

    [Fact]
    public void Another_product_whose_name_begins_alike_is_not_ours() =>
        Assert.False(ManagedName.Parse("void [Snakepits] Snakepits.A::B()[Tier1]").IsOwn);

    [Fact]
    public void A_stub_without_a_name_is_of_the_runtime() => Assert.Equal(
        new Frame("GenerateLookupStub", "runtime", IsOwn: false), ManagedName.Parse("GenerateLookupStub"));

    [Fact]
    public void What_measures_is_no_part_of_the_product() => Assert.Equal(
        ManagedName.Meters,
        ManagedName.Parse("void [Snakepit.Benchmarks] Snakepit.Benchmarks.Host.Meters.ProcessCost::Before()[Tier1]").Module);
}
