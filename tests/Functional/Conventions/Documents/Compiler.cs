using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Snakepit.AI;
using Snakepit.Benchmarks.Scenarios;
using Snakepit.Hosting;
using Snakepit.Measurement.Samples;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>
/// Compiles the C# blocks of documents as a new project would, but in memory with Roslyn, because a build for each block would take too
/// long.
/// </summary>
internal static class Compiler
{
    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // The global usings that a project made with `dotnet new web` has in addition.
    private const string WebUsings =
        """
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    // Declarations that are added to a block that is only a part of a program, so that it compiles.
    private const string Surroundings =
        """
        global using Snakepit;
        global using static Surroundings;
        internal static class Surroundings
        {
            public static readonly SnakepitPool pool = null!;
            public static readonly CancellationToken cancellationToken = CancellationToken.None;
        }
        """;

    // The code in these documents may use internal types, because they are for people who change Snakepit.
    private static readonly string[] ForContributors = ["docs/adding-a-scenario.md", "docs/architecture.md"];

    // CS0436 warns that a type of the document exists in a referenced assembly too. A document may show a type of the sources.
    private static readonly string[] Allowed = ["CS0436"];

    private static readonly ImmutableArray<MetadataReference> Platform = [.. ReferencesIn(FrameworkDirectory("Microsoft.NETCore.App"))];
    private static readonly ImmutableArray<MetadataReference> Web = [.. ReferencesIn(FrameworkDirectory("Microsoft.AspNetCore.App"))];

    private static readonly ImmutableArray<MetadataReference> Pool =
    [
        Reference(typeof(SnakepitPool)),
        Reference(typeof(Google.Protobuf.ByteString)),
        Reference(typeof(Grpc.Net.Client.GrpcChannel)),
        Reference(typeof(System.Numerics.Tensors.Tensor)),
        Reference(typeof(HostedPool)),
        Reference(typeof(SnakepitTracerProviderBuilderExtensions)),
        Reference(typeof(SnakepitPoolAIExtensions)),
        Reference(typeof(Microsoft.Extensions.AI.AIFunction)),
        Reference(typeof(TracerProviderBuilder)),
        Reference(typeof(Microsoft.Extensions.DependencyInjection.OpenTelemetryServicesExtensions)),
        Reference(typeof(OpenTelemetryBuilderSdkExtensions)),
        Reference(typeof(OpenTelemetry.Exporter.PrometheusAspNetCoreOptions)),
    ];

    private static readonly ImmutableArray<MetadataReference> Everything =
        [.. Pool, Reference(typeof(Metric)), Reference(typeof(ThroughputScenario))];

    /// <summary>Compiles a block. Its errors and warnings are among the diagnostics of the result.</summary>
    public static CSharpCompilation Compile(Block block)
    {
        var isForContributors = ForContributors.Contains(block.Document.Path);
        var tree = Parse(block.Code, $"{block}");
        var isProgram = tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        SyntaxTree[] trees =
        [
            tree,
            Parse(Usings, "usings"),
            .. IsWeb(block) ? [Parse(WebUsings, "web usings")] : (SyntaxTree[])[],
            .. block.IsWhole ? [] : (SyntaxTree[])[Parse(Surroundings, "surroundings")],
        ];
        var options = new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable);
        return CSharpCompilation.Create(
            isForContributors ? typeof(Compiler).Assembly.GetName().Name : "Example",
            trees,
            [.. Platform, .. Web, .. isForContributors ? Everything : Pool],
            options.WithSpecificDiagnosticOptions(Allowed.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress))));
    }

    /// <summary>Returns the errors and warnings of a compilation.</summary>
    public static IEnumerable<string> Faults(CSharpCompilation compilation) => compilation.GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
        .Select(diagnostic => diagnostic.ToString());

    private static bool IsWeb(Block block) => block.Code.Contains("WebApplication", StringComparison.Ordinal);

    private static SyntaxTree Parse(string code, string path) =>
        CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Latest), path);

    private static CompilationUnitSyntax GetCompilationUnitRoot(this SyntaxTree tree) => (CompilationUnitSyntax)tree.GetRoot();

    private static PortableExecutableReference Reference(Type type) => MetadataReference.CreateFromFile(type.Assembly.Location);

    /// <summary>Returns the directory of a shared framework, in the version on which this process runs, or else the nearest one.</summary>
    private static string FrameworkDirectory(string name)
    {
        var runtime = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        var framework = Path.Combine(runtime.Parent!.Parent!.FullName, name);
        return Path.Combine(framework, runtime.Name) is var same && Directory.Exists(same)
            ? same
            : Directory.GetDirectories(framework).Order(StringComparer.Ordinal).Last();
    }

    private static IEnumerable<MetadataReference> ReferencesIn(string directory) => Directory.GetFiles(directory, "*.dll")
        .Where(path => !Path.GetFileName(path).Contains(".Native.", StringComparison.Ordinal) && IsManaged(path))
        .Select(path => MetadataReference.CreateFromFile(path));

    private static bool IsManaged(string path)
    {
        using var reader = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(path));
        return reader.HasMetadata;
    }
}
