namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// The xUnit collection of tests that must not run beside other tests, because they load the machine or measure the whole process.
/// xUnit runs these tests one by one, after all other tests.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
