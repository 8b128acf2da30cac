using System.CommandLine;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;

namespace AgentVine.Cli.Commands.Inbox;

/// <summary><c>vine inbox answer</c></summary>
internal sealed class AnswerCommand : VineCommand
{
    private readonly Argument<string> _request = new("request") { Description = "The request's id, or the end of it" };
    private readonly Argument<string[]> _words = new("answer")
    {
        Description = "A permission: y, session, or n and why. A plan or review: y, or n and why. Questions: for each a number, numbers as in 1,3, or your own words",
        Arity = ArgumentArity.OneOrMore,
    };

    public AnswerCommand(CommandContext context)
        : base(context, "answer", "Answer one request")
    {
        Add(_request);
        Add(_words);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var request = await IdFinder.RequestAsync(run, run.Get(_request)!, cancellationToken);
        var answered = await run.Client.AnswerRequestAsync(request.Id, AnswerWords.Parse(request, run.Get(_words)!), cancellationToken);
        if (run.Json)
        {
            run.WriteData(answered);
        }
        else
        {
            run.Painter.Line((ShortId.Of(answered.Id), Look.Bold), (" answered", Look.Good));
        }

        return ExitCode.Ok;
    }
}
