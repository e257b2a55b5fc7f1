namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// The collection of all performance tests. They run one after another, because tests that run at the same time would disturb each other's
/// measurements.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PerformanceCollection : ICollectionFixture<PerformanceSuite>
{
    public const string Name = "Performance";
}
