namespace Snakepit.Tests.Performance.Support;

/// <summary>
/// All performance tests. They run one after the other, because tests that run at the same time would disturb each other's measurements.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PerformanceCollection : ICollectionFixture<PerformanceSuite>
{
    public const string Name = "Performance";
}
