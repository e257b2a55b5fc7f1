namespace Snakepit.Processes;

/// <summary>Finds the Python package <c>snakepit_worker</c>, which the build copies beside the program.</summary>
internal static class PythonPackage
{
    /// <summary>Returns the directory that Python imports <c>snakepit_worker</c> from.</summary>
    /// <exception cref="PythonNotFoundException">
    /// The package is missing, or the file in it that describes the protocol is missing.
    /// </exception>
    public static string Locate()
    {
        var directory = Path.Combine(AppContext.BaseDirectory, "python");
        foreach (var needed in (string[])["__main__.py", "protocol/protocol.binpb"])
        {
            var path = Path.Combine(directory, "snakepit_worker", needed);
            if (!File.Exists(path))
            {
                throw new PythonNotFoundException(
                    $"The Python side of Snakepit is incomplete: '{path}' does not exist. It is copied beside the program by the build; "
                    + "deploy the folder 'python' together with Snakepit.dll.");
            }
        }

        return directory;
    }
}
