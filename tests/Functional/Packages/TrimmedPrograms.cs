using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Conventions.Documents;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Packages;

/// <summary>
/// Tests that programs over the packages can be trimmed and compiled ahead of time: publishes the sample, outside of the repository, and
/// runs it. A warning is an error there, and all code of the packages is looked at, not only what the sample calls.
/// </summary>
[Collection(LocalFeed.Name)]
public sealed class TrimmedPrograms(LocalFeed feed)
{
    private const string Printed = "3 pieces cost 21.25\n2 of tea\n1 of cup\nValueError: the order is empty\n";

    [PythonFact]
    public async Task The_sample_is_trimmed_without_a_warning_and_runs()
    {
        var project = await CopyOfSampleAsync("Trimmed");
        await feed.DotnetAsync(
            project, "publish", "-p:PublishAot=false", "-p:PublishTrimmed=true", "--self-contained", "--output", "published");
        var published = Path.Combine(project, "published");
        Assert.Equal((0, Printed), await Tools.RunAsync(Path.Combine(published, "NativeAot"), [], project));
        Assert.True(File.Exists(Path.Combine(published, "Snakepit.dll")));
        Assert.False(File.Exists(Path.Combine(published, "System.Private.Xml.dll")), "A library that nothing uses is still there.");
    }

    [NativeAotFact]
    public async Task The_sample_is_compiled_ahead_of_time_without_a_warning_and_runs()
    {
        var project = await CopyOfSampleAsync("Native");
        await feed.DotnetAsync(project, "publish", "--output", "published");
        var published = Path.Combine(project, "published");
        Assert.Equal((0, Printed), await Tools.RunAsync(Path.Combine(published, "NativeAot"), [], project));
        Assert.Empty(Directory.GetFiles(published, "*.dll"));
    }

    [Fact]
    public async Task A_call_that_needs_reflection_is_told_by_the_build()
    {
        var project = await CopyOfSampleAsync("Reflecting");
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), """
            using Snakepit;

            await using var pool = await SnakepitPool.StartAsync(new SnakepitOptions { Adapter = "order_tools" });
            await pool.ExecuteAsync("pack", new { lines = Array.Empty<int>() });
            """);
        var (exitCode, output) = await Tools.RunAsync(Tools.Dotnet, ["build"], project, feed.Variables);
        Assert.Equal(1, exitCode);
        Assert.Contains("error IL2026", output, StringComparison.Ordinal);
        Assert.Contains("error IL3050", output, StringComparison.Ordinal);
        Assert.Contains("Use the overload that takes a JsonTypeInfo", output, StringComparison.Ordinal);
    }

    private async Task<string> CopyOfSampleAsync(string folder)
    {
        const string Reference = """<ProjectReference Include="$(RepositoryRoot)src/Snakepit/Snakepit.csproj" />""";
        var (copy, sample) = (feed.NewFolder(folder), Path.Combine(Repository.Root, "samples", "NativeAot"));
        foreach (var file in Directory.GetFiles(sample, "*.cs").Concat(Directory.GetFiles(sample, "*.py")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        var project = await File.ReadAllTextAsync(Path.Combine(sample, "NativeAot.csproj"));
        Assert.Contains(Reference, project, StringComparison.Ordinal);
        var packages = LocalFeed.Names.Select(name =>
            $"""<PackageReference Include="{name}" Version="0.1.0" /><TrimmerRootAssembly Include="{name}" />""");
        await File.WriteAllTextAsync(
            Path.Combine(copy, "NativeAot.csproj"), project.Replace(Reference, string.Concat(packages), StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(copy, "Directory.Build.props"), """
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
              </PropertyGroup>
            </Project>
            """);
        return copy;
    }
}
