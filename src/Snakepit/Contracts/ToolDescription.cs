using System.Collections.Immutable;
using System.Text.Json;

namespace Snakepit;

/// <summary>Describes a tool that the adapter offers.</summary>
/// <param name="Name">The name by which the tool is called.</param>
/// <param name="Description">The docstring of the tool.</param>
/// <param name="IsStreaming">Whether the tool is a generator, which is called with <c>StreamAsync</c>.</param>
/// <param name="Parameters">The parameters of the tool, in order.</param>
/// <param name="Returns">The tool's return annotation as written in Python; empty if the tool has no return annotation.</param>
public sealed record ToolDescription(
    string Name, string Description, bool IsStreaming, ImmutableArray<ToolParameter> Parameters, string Returns);

/// <summary>Describes a parameter of a tool.</summary>
/// <param name="Name">The name of the parameter.</param>
/// <param name="Type">The type annotation of the parameter as written in Python; empty if the parameter has no annotation.</param>
/// <param name="IsRequired">Whether a call must give the parameter, because it has no default value.</param>
/// <param name="DefaultValue">
/// The default value of the parameter; null if it has no default value, or if that value cannot be written as JSON.
/// </param>
/// <param name="CollectsRest">Whether this is a <c>**parameter</c>, which takes every argument that no other parameter names.</param>
public sealed record ToolParameter(string Name, string Type, bool IsRequired, JsonElement? DefaultValue, bool CollectsRest);
