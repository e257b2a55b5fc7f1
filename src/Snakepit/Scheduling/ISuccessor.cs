namespace Snakepit.Scheduling;

/// <summary>Who takes the place that a call leaves on its worker.</summary>
internal interface ISuccessor
{
    /// <summary>Lets it begin.</summary>
    /// <param name="here">Whether it may do so right here, on this thread, as far as its call is sent.</param>
    void Begin(bool here);
}
