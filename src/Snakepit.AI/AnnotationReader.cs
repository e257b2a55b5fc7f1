namespace Snakepit.AI;

/// <summary>Reads a type annotation as Python writes it: names, arguments in square brackets, bars, and literals.</summary>
/// <param name="text">The annotation.</param>
internal sealed class AnnotationReader(string text)
{
    private int _position;

    /// <summary>Returns the annotation; null if it has a form that this class does not know.</summary>
    public Annotation? Read() => ReadUnion() is { } type && Peek() == '\0' ? type : null;

    private Annotation? ReadUnion()
    {
        var types = new List<Annotation>();
        do
        {
            if (ReadOne() is not { } type)
            {
                return null;
            }

            types.Add(type);
        }
        while (Take('|'));

        return types is [var only] ? only : new Annotation("|", types);
    }

    private Annotation? ReadOne()
    {
        var name = Peek() is '\'' or '"' ? ReadText() : ReadName();
        if (name.Length == 0)
        {
            return null;
        }

        if (!Take('['))
        {
            return new Annotation(name, []);
        }

        var arguments = new List<Annotation>();
        do
        {
            if (ReadUnion() is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
        }
        while (Take(','));

        return Take(']') ? new Annotation(name, arguments) : null;
    }

    /// <summary>Reads a name and leaves out its module, or reads a number or three dots.</summary>
    private string ReadName()
    {
        var start = _position;
        while (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] is '_' or '.' or '-'))
        {
            _position++;
        }

        var name = text[start.._position];
        return name == "..." ? name : name[(name.LastIndexOf('.') + 1)..];
    }

    /// <summary>Reads a text in quotation marks, with them; returns an empty text if it has an escape, or does not end.</summary>
    private string ReadText()
    {
        var end = text.IndexOf(text[_position], _position + 1);
        if (end < 0 || text.AsSpan(_position, end - _position).Contains('\\'))
        {
            return "";
        }

        var start = _position;
        _position = end + 1;
        return text[start.._position];
    }

    private bool Take(char wanted)
    {
        if (Peek() != wanted)
        {
            return false;
        }

        _position++;
        Peek(); // skips the spaces after it
        return true;
    }

    /// <summary>Skips spaces, and returns the next character, or <c>\0</c> at the end.</summary>
    private char Peek()
    {
        while (_position < text.Length && text[_position] == ' ')
        {
            _position++;
        }

        return _position < text.Length ? text[_position] : '\0';
    }
}
