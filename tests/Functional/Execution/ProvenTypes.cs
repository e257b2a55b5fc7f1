using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>A shared pool with the tools of <c>python/type_tools.py</c>.</summary>
public sealed class TypePool<T>() : SharedPool(Probe.Over<T>(Probe.Options with { Adapter = "type_tools" }))
    where T : ITestTransport;

/// <summary>Tests that values of all types in the tables of docs/arrays.md become on the other side what the tables say.</summary>
public abstract class ProvenTypes<T>(TypePool<T> tools) : IClassFixture<TypePool<T>>
    where T : ITestTransport
{
    [NumpyTheory]
    [MemberData(nameof(ArrayTypes.ArgumentRows), MemberType = typeof(ArrayTypes))]
    public async Task What_dotnet_sends_becomes_what_the_row_says_and_comes_back(int row, string annotation)
    {
        var expected = annotation == ArrayTypes.NoAnnotation ? ArrayTypes.Arguments[row].Class : annotation;
        var name = expected.Split('[')[0].Split('.')[^1]; // list[int] is a list, and numpy.ndarray is named ndarray
        foreach (var sample in ArrayTypes.Arguments[row].Samples)
        {
            await sample.CheckAsync(tools.Pool, annotation, name);
        }
    }

    [NumpyTheory]
    [MemberData(nameof(ArrayTypes.ResultRows), MemberType = typeof(ArrayTypes))]
    public async Task What_python_returns_becomes_what_the_row_says(int row)
    {
        foreach (var sample in ArrayTypes.Results[row].Samples)
        {
            await sample.CheckAsync(tools.Pool);
        }
    }
}

public sealed class ProvenTypesOverGrpc(TypePool<OverGrpc> tools) : ProvenTypes<OverGrpc>(tools);

public sealed class ProvenTypesOverDirect(TypePool<OverDirect> tools) : ProvenTypes<OverDirect>(tools);
