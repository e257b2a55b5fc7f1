namespace Snakepit.Measurement.Files;

/// <summary>
/// A text that was accepted once and is compared ever after, in Verify's files: <c>NAME.verified.json</c> is under version control,
/// <c>NAME.received.json</c> beside it is what a run would make of it. Accepting is replacing the one by the other, with any Verify tool or by
/// renaming.
/// </summary>
/// <param name="directory">The folder of both files.</param>
/// <param name="name">Their common name.</param>
public sealed class Snapshot(string directory, string name)
{
    /// <summary>The accepted file.</summary>
    public string VerifiedPath => Path.Combine(directory, $"{name}.verified.json");

    /// <summary>What the last run proposes, if it does.</summary>
    public string ReceivedPath => Path.Combine(directory, $"{name}.received.json");

    /// <summary>True if there is an accepted file.</summary>
    public bool Exists => File.Exists(VerifiedPath);

    /// <summary>Proposes a content: writes the received file, or removes it if the content is the accepted one.</summary>
    /// <returns>True if the proposal differs from what is accepted.</returns>
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

    /// <summary>Removes a received file: there is nothing to accept.</summary>
    public void Withdraw() => File.Delete(ReceivedPath);
}
