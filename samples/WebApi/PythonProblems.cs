using Microsoft.AspNetCore.Diagnostics;
using Snakepit;

namespace WebApi;

/// <summary>Answers requests whose call has failed with problem details (RFC 9457).</summary>
internal sealed class PythonProblems(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title) = exception switch
        {
            PythonException { PythonType: "ValueError" } => (StatusCodes.Status400BadRequest, "Python refuses the input"),
            PythonException error => (StatusCodes.Status500InternalServerError, error.PythonType),
            CallTimeoutException => (StatusCodes.Status504GatewayTimeout, "Python takes too long"),
            SnakepitException { IsTransient: true } => (StatusCodes.Status503ServiceUnavailable, "Try again later"),
            _ => (0, null),
        };
        if (title is null)
        {
            return false; // none of ours: the next handler, or an answer with 500
        }

        context.Response.StatusCode = status;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            Exception = exception,
            ProblemDetails =
            {
                Status = status,
                Title = title,
                Detail = exception is PythonException python ? python.PythonMessage : exception.Message,
            },
        });
    }
}
