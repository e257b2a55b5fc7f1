namespace Snakepit.Tests.Functional.Support;

/// <summary>
/// The collection of tests that need the machine for themselves, because they load it or measure the whole process.
/// xUnit runs them one by one, after all other tests.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
