using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace Snakepit.Tests.Functional.Packages;

/// <summary>Tests what lies in the packages, and what a feed shows of them.</summary>
[Collection(LocalFeed.Name)]
public sealed class PackageContents(LocalFeed feed)
{
    [Fact]
    public void Every_package_has_a_readme_an_icon_a_licence_its_repository_its_documentation_and_its_symbols()
    {
        Assert.All(LocalFeed.Names, name =>
        {
            using var package = ZipFile.OpenRead(Single($"{name}.0.*.nupkg"));
            var files = package.Entries.Select(entry => entry.FullName).ToList();
            using var description = package.GetEntry($"{name}.nuspec")!.Open();
            var metadata = XDocument.Load(description).Root!.Elements().Single();
            Assert.Equal("MIT", Value("license"));
            Assert.Contains(Value("readme"), files);
            Assert.Contains(Value("icon"), files);
            Assert.NotEmpty(Value("description"));
            var repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
            Assert.Equal("git", repository.Attribute("type")?.Value);
            Assert.Equal(40, repository.Attribute("commit")?.Value.Length);
            Assert.Contains($"lib/net10.0/{name}.dll", files);
            Assert.Contains($"lib/net10.0/{name}.xml", files);

            using var symbols = ZipFile.OpenRead(Single($"{name}.0.*.snupkg"));
            Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{name}.pdb");

            string Value(string element) => metadata.Elements().Single(found => found.Name.LocalName == element).Value;
        });
    }

    [Fact]
    public void Every_package_says_that_it_may_be_trimmed_which_the_tests_of_trimmed_programs_prove() =>
        Assert.All(LocalFeed.Names, name => Assert.Contains(
            Assembly.Load(name).GetCustomAttributes<AssemblyMetadataAttribute>(), said => said is { Key: "IsTrimmable", Value: "True" }));

    [Fact]
    public void The_python_side_is_in_the_package_of_the_pool_as_it_lies_beside_the_tests()
    {
        using var package = ZipFile.OpenRead(Single("Snakepit.0.*.nupkg"));
        var packed = package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("python/", StringComparison.Ordinal));
        var built = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "python"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(AppContext.BaseDirectory, path))
            .Where(path => !path.Contains("__pycache__", StringComparison.Ordinal) && !path.EndsWith(".bundle", StringComparison.Ordinal));
        Assert.Equal(built.Order(StringComparer.Ordinal), packed.Order(StringComparer.Ordinal));
        Assert.NotNull(package.GetEntry("buildTransitive/Snakepit.targets"));
    }

    private string Single(string pattern) => Assert.Single(Directory.GetFiles(feed.Packages, pattern));
}
