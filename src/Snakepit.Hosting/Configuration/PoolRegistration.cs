using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Snakepit.Hosting.Configuration;

/// <summary>A pool that was added to the services of the application.</summary>
/// <param name="Name">The name of the pool, by which it is injected; null for the pool without a name.</param>
/// <param name="Section">The configuration that the pool is bound to; null for the section that belongs to its name.</param>
internal sealed record PoolRegistration(string? Name, IConfiguration? Section)
{
    /// <summary>The section of the configuration that all pools are bound to, unless the application names another one.</summary>
    public const string Root = "Snakepit";

    /// <summary>The name of the pool's settings among the options of the application.</summary>
    public string OptionsName => Name ?? Microsoft.Extensions.Options.Options.DefaultName;

    /// <summary>The path of the section in the configuration, for messages.</summary>
    public string Path => Section is IConfigurationSection section ? section.Path
        : Section is not null ? ""
        : Name is null ? Root : $"{Root}:{Name}";

    /// <summary>What messages call the pool.</summary>
    public string Title => Name is null ? "The pool" : $"The pool '{Name}'";

    /// <summary>Adds this pool to the services.</summary>
    /// <exception cref="ArgumentException">The name is none, or is taken.</exception>
    public void AddTo(IServiceCollection services)
    {
        if (Name is not null && (string.IsNullOrWhiteSpace(Name) || Name.Contains(':', StringComparison.Ordinal)))
        {
            throw new ArgumentException($"'{Name}' cannot be the name of a pool: it must have a letter, and no colon.");
        }

        if (Name is not null && KnownKeys.IsOption(Name))
        {
            throw new ArgumentException(
                $"'{Name}' cannot be the name of a pool: {Root}:{Name} in the configuration is an option of the pool without a name.");
        }

        // Keys of the configuration do not differ by upper and lower case, so names do not either.
        if (Of(services).FirstOrDefault(other => string.Equals(other.Name, Name, StringComparison.OrdinalIgnoreCase)) is { } same)
        {
            throw new ArgumentException(Name is null
                ? "A pool without a name was added already. Add further pools by AddKeyedSnakepit, each with a name of its own."
                : $"A pool '{same.Name}' was added already. Give each pool a name of its own; upper and lower case count as equal.");
        }

        services.AddSingleton(this);
    }

    private static IEnumerable<PoolRegistration> Of(IServiceCollection services) => services
        .Where(service => !service.IsKeyedService)
        .Select(service => service.ImplementationInstance)
        .OfType<PoolRegistration>();
}
