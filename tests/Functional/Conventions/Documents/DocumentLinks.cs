using System.Text.RegularExpressions;
using Snakepit.Hosting;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the links, paths and members that documents name exist.</summary>
public sealed partial class DocumentLinks
{
    // Paths that begin so need not exist: a build or a run creates these files, or they are examples.
    private static readonly string[] MadeLater = ["artifacts/", ".venv", "report.md", "result.json", "studies.json", "suspects.json"];

    [Fact]
    public void Every_relative_link_leads_to_a_file_and_to_a_heading_in_it()
    {
        var broken = from document in Document.All
                     from link in document.Links
                     where !link.Contains("://", StringComparison.Ordinal) && !Leads(document, link)
                     select $"{document}: {link}";
        Problems.AreNone(broken);
    }

    [Fact]
    public void Every_path_in_backticks_exists()
    {
        var missing = from document in Document.All
                      from span in document.Spans
                      where IsPath(span) && !Exists(document, span)
                      select $"{document}: {span}";
        Problems.AreNone(missing);
    }

    [Fact]
    public void Every_file_name_in_backticks_is_that_of_a_file()
    {
        var missing = from document in Document.All
                      let own = document.Blocks.Select(block => block.FileName).ToHashSet()
                      from span in document.Spans
                      where FileName().IsMatch(span) && !own.Contains(span) && !MadeLater.Contains(span)
                      let pattern = new Regex($"(^|/){Glob(span)}$")
                      where !RepositoryFiles.All.Any(pattern.IsMatch) && !IsIgnoredByGit(span)
                      select $"{document}: {span}";
        Problems.AreNone(missing);
    }

    [Fact]
    public void Every_member_of_a_public_type_in_backticks_exists()
    {
        var types = typeof(SnakepitPool).Assembly.GetExportedTypes().Concat(typeof(HostedPool).Assembly.GetExportedTypes())
            .ToLookup(type => type.Name);
        var missing = from document in Document.All
                      where document.Path != "CHANGELOG.md" // the changelog names members that have been renamed since
                      from span in document.Spans
                      let match = Member().Match(span)
                      where match.Success
                      let type = types[match.Groups["type"].Value].SingleOrDefault()
                      where type is not null && type.GetMember(match.Groups["member"].Value).Length == 0
                      select $"{document}: {span}";
        Problems.AreNone(missing);
    }

    private static bool Leads(Document document, string link)
    {
        var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, "");
        var target = path.Length == 0 ? document.Path : Normal(Path.Combine(document.Directory, path));
        var exists = File.Exists(Path.Combine(Repository.Root, target)) || Directory.Exists(Path.Combine(Repository.Root, target));
        return exists && (anchor.Length == 0 || Document.Of(target).Anchors.Contains(anchor));
    }

    private static string Normal(string path) => Path.GetRelativePath(Repository.Root, Path.GetFullPath(path, Repository.Root));

    /// <summary>Returns true if a code span is a path whose first part exists at the root of the repository.</summary>
    private static bool IsPath(string span) => PathLike().IsMatch(span) && !span.StartsWith("..", StringComparison.Ordinal)
        && !MadeLater.Any(made => span.StartsWith(made, StringComparison.Ordinal))
        && Path.Exists(Path.Combine(Repository.Root, span.Split('/')[0]));

    private static bool Exists(Document document, string path)
    {
        var pattern = new Regex($"^{Glob(path.TrimEnd('/'))}(/|$)");
        return RepositoryFiles.All.Any(pattern.IsMatch) || IsIgnoredByGit(path)
            || Path.Exists(Path.Combine(Repository.Root, document.Directory, path));
    }

    /// <summary>Returns a pattern for a path in which a placeholder, such as SCENARIO, or a star matches any name.</summary>
    private static string Glob(string path) =>
        Placeholder().Replace(Regex.Escape(path).Replace("\\*", "[^/]*", StringComparison.Ordinal), "[^/]+");

    /// <summary>Returns true for a baseline that a run proposes. Git ignores such a file, so it need not exist.</summary>
    private static bool IsIgnoredByGit(string path) => path.Contains(".received.", StringComparison.Ordinal);

    [GeneratedRegex(@"^[\w.*-]+(/[\w.*-]+)+/?$")]
    private static partial Regex PathLike();

    [GeneratedRegex(@"^[\w.-]*\w\.(cs|csproj|py|md|json|proto|yml|sh|props)$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^(?<type>[A-Z]\w+)\.(?<member>[A-Z]\w+)(\.\w+)?(\(.*\))?$")]
    private static partial Regex Member();

    [GeneratedRegex(@"\b(SCENARIO|NAME|COMMIT|CLASS)\b")]
    private static partial Regex Placeholder();
}
