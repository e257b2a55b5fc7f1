namespace Snakepit.Measurement.Files;

/// <summary>
/// An accepted text under version control, with the file names that the library Verify uses: <c>NAME.verified.json</c> is the accepted
/// text, and <c>NAME.received.json</c> beside it is what a run proposes instead. To accept a proposal, use any tool made for Verify, or
/// rename the file.
/// </summary>
/// <param name="directory">The folder of both files.</param>
/// <param name="name">The part of the name that both files share.</param>
public sealed class Snapshot(string directory, string name)
{
    /// <summary>The path of the accepted file.</summary>
    public string VerifiedPath => Path.Combine(directory, $"{name}.verified.json");

    /// <summary>
    /// The path of the received file, which holds the proposed text. The file exists only while there is something to accept.
    /// </summary>
    public string ReceivedPath => Path.Combine(directory, $"{name}.received.json");

    /// <summary>Returns true if there is an accepted file.</summary>
    public bool Exists => File.Exists(VerifiedPath);

    /// <summary>
    /// Proposes a text: writes it to the received file, or removes the received file if the text is already the accepted one.
    /// </summary>
    /// <returns>True if the proposed text differs from the accepted one.</returns>
    public bool Propose(string content)
    {
        if (Exists && File.ReadAllText(VerifiedPath) == content)
        {
            Withdraw();
            return false;
        }

        AtomicFile.Write(ReceivedPath, content);
        return true;
    }

    /// <summary>Removes the received file, if there is one, so that nothing is proposed.</summary>
    public void Withdraw() => File.Delete(ReceivedPath);
}
