using System.Collections.Immutable;
using System.Text.Json;

namespace Snakepit;

/// <summary>A tool that the adapter offers.</summary>
/// <param name="Name">The name by which it is called.</param>
/// <param name="Description">Its docstring.</param>
/// <param name="IsStreaming">True if it is a generator, to be called with <c>StreamAsync</c>.</param>
/// <param name="Parameters">Its parameters, in order.</param>
/// <param name="Returns">The annotation of its result type as written in Python; empty if there is none.</param>
public sealed record ToolDescription(
    string Name, string Description, bool IsStreaming, ImmutableArray<ToolParameter> Parameters, string Returns);

/// <summary>A parameter of a tool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The annotation of its type as written in Python; empty if there is none.</param>
/// <param name="IsRequired">True if it has no default.</param>
/// <param name="DefaultValue">Its default; null if it has none, or if the default cannot be written as JSON.</param>
/// <param name="CollectsRest">True for a <c>**parameter</c>: it takes every argument that no other parameter names.</param>
public sealed record ToolParameter(string Name, string Type, bool IsRequired, JsonElement? DefaultValue, bool CollectsRest);
