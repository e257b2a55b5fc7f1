using System.Reflection;

namespace Snakepit.Tests.Functional.Conventions;

internal static class Repository
{
    /// <summary>The root of the source tree that this assembly was built from.</summary>
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "RepositoryRoot").Value!;
}
