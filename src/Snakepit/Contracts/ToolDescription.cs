using System.Collections.Immutable;
using System.Text.Json;

namespace Snakepit;

/// <summary>A tool that the adapter offers.</summary>
/// <param name="Name">The name to call it by.</param>
/// <param name="Description">Its doc string.</param>
/// <param name="IsStreaming">True if it is a generator, to be called with <see cref="SnakepitPool.StreamAsync"/>.</param>
/// <param name="Parameters">What it takes, in order.</param>
/// <param name="Returns">Its result type as Python writes it; empty if it has no annotation.</param>
public sealed record ToolDescription(
    string Name, string Description, bool IsStreaming, ImmutableArray<ToolParameter> Parameters, string Returns);

/// <summary>An argument of a tool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as Python writes it; empty if it has no annotation.</param>
/// <param name="IsRequired">True if it has no default.</param>
/// <param name="DefaultValue">Its default; null if it has none, or one that JSON cannot carry.</param>
/// <param name="CollectsRest">True for a <c>**parameter</c>: it takes every argument that no other parameter names.</param>
public sealed record ToolParameter(string Name, string Type, bool IsRequired, JsonElement? DefaultValue, bool CollectsRest);
