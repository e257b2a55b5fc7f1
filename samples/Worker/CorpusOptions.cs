namespace Worker;

/// <summary>Where the texts are, and where their vectors go; the section <c>Corpus</c> of the configuration.</summary>
internal sealed class CorpusOptions
{
    /// <summary>The folder with text files, one text a line.</summary>
    public string Input { get; set; } = "corpus";

    /// <summary>The folder that gets a file of vectors for each file of texts.</summary>
    public string Output { get; set; } = "vectors";

    /// <summary>The time between two looks for new or changed files. Default: 2 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);
}
