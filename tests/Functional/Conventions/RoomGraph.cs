using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Snakepit.Tests.Functional.Conventions;

/// <summary>
/// A graph of the source folders (rooms) of a project, with an edge from each folder to every folder that it uses. A folder uses another
/// one if the compiler resolves a name in its code to a declaration in the other folder. So <c>nameof</c> and <c>typeof</c> count, and
/// references in documentation comments do not.
/// </summary>
internal sealed class RoomGraph
{
    private readonly Dictionary<string, Dictionary<string, string>> _uses = [];

    private RoomGraph(IEnumerable<string> rooms)
    {
        foreach (var room in rooms)
        {
            _uses[room] = [];
        }
    }

    /// <summary>The paths of all folders that hold source files. The project's own folder is the empty path.</summary>
    public IReadOnlyCollection<string> Rooms => _uses.Keys;

    /// <summary>Returns the folders that a folder uses.</summary>
    public IReadOnlyCollection<string> UsedBy(string room) => _uses[room].Keys;

    /// <summary>Returns a sentence that names one place in the code where a folder uses another folder.</summary>
    public string Describe(string room, string used) => _uses[room][used];

    /// <summary>Builds the graph of a project from its sources on disk.</summary>
    /// <param name="project">The folder of the project, relative to the root of the repository.</param>
    public static RoomGraph OfProject(string project)
    {
        var name = Path.GetFileName(project);
        var (folder, artifacts) = (Path.Combine(Repository.Root, project), Path.Combine(Repository.Root, "artifacts"));
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);
        var generated = Directory.EnumerateFiles(Path.Combine(artifacts, "obj", name), "*.cs", SearchOption.AllDirectories);
        return Of(
            name,
            sources.ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllText),
            [.. generated.DistinctBy(Path.GetFileName).Select(File.ReadAllText)]);
    }

    /// <summary>Builds the graph of source texts.</summary>
    /// <param name="assembly">The name of the assembly to which the sources compile.</param>
    /// <param name="sources">The text of each source file, by its path relative to the project.</param>
    /// <param name="generated">Generated source texts that the sources need to compile, and that belong to no folder.</param>
    public static RoomGraph Of(string assembly, IReadOnlyDictionary<string, string> sources, params IReadOnlyList<string> generated)
    {
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(source.Value, path: source.Key)).ToList();
        var rooms = trees.ToDictionary(tree => (SyntaxTree)tree, tree => Path.GetDirectoryName(tree.FilePath)!);
        var compilation = CSharpCompilation.Create(
            assembly,
            [.. trees, .. generated.Select(text => CSharpSyntaxTree.ParseText(text))],
            References(assembly),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var graph = new RoomGraph(rooms.Values.Distinct());
        foreach (var tree in trees)
        {
            graph.Add(compilation.GetSemanticModel(tree), rooms);
        }

        return graph;
    }

    /// <summary>Returns a shortest cycle as one sentence for each use in it; empty if the graph has no cycle.</summary>
    public IReadOnlyList<string> FindCycle() => Rooms
        .Select(room => PathBack(room))
        .Where(path => path.Count > 0)
        .MinBy(path => path.Count) ?? [];

    private static IEnumerable<MetadataReference> References(string without) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetFileNameWithoutExtension(path) != without)
        .Select(path => MetadataReference.CreateFromFile(path));

    private void Add(SemanticModel model, Dictionary<SyntaxTree, string> rooms)
    {
        var room = rooms[model.SyntaxTree];
        foreach (var name in model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var found = model.GetSymbolInfo(name);
            // For the name of an overloaded method inside nameof, the compiler gives no symbol, only the overloads as candidates.
            var symbol = found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
            symbol = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol?.OriginalDefinition;
            if (symbol is null or INamespaceSymbol)
            {
                continue;
            }

            foreach (var declaration in symbol.DeclaringSyntaxReferences)
            {
                if (rooms.TryGetValue(declaration.SyntaxTree, out var used) && used != room)
                {
                    var line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                    _uses[room].TryAdd(
                        used,
                        $"{NameOf(room)} uses {NameOf(used)}: {model.SyntaxTree.FilePath}:{line} ({TypeAround(name)}) "
                        + $"names {symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)} "
                        + $"of {declaration.SyntaxTree.FilePath}");
                }
            }
        }
    }

    private static string NameOf(string room) => room.Length == 0 ? "the project's root" : $"{room}/";

    private static string TypeAround(SyntaxNode node) =>
        node.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.Text ?? "a top-level statement";

    /// <summary>Returns the uses on a shortest path from a folder back to itself; empty if there is no such path.</summary>
    private List<string> PathBack(string start)
    {
        var cameFrom = new Dictionary<string, string>();
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out var room))
        {
            foreach (var next in _uses[room].Keys)
            {
                if (!cameFrom.TryAdd(next, room))
                {
                    continue;
                }

                if (next == start)
                {
                    return Uses(start, cameFrom);
                }

                queue.Enqueue(next);
            }
        }

        return [];
    }

    private List<string> Uses(string start, Dictionary<string, string> cameFrom)
    {
        var uses = new List<string>();
        var to = start;
        do
        {
            var from = cameFrom[to];
            uses.Insert(0, _uses[from][to]);
            to = from;
        }
        while (to != start);
        return uses;
    }
}
