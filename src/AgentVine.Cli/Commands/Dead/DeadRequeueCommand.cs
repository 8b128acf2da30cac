using System.CommandLine;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Dead;

/// <summary><c>vine dead requeue</c></summary>
internal sealed class DeadRequeueCommand : VineCommand
{
    private readonly Argument<string[]> _tasks = new("task")
    {
        Description = "Which: the tasks' ids, or the ends of them",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _all = new("--all") { Description = "All that were given up" };
    private readonly Option<string> _cause = Choices.Of<FailureCause>("--cause", "All that this ended");
    private readonly Option<string> _session = Choices.Of<RequeueSession>(
        "--session", "Go on from the newest checkpoint, or begin anew; by default what fits the failure");

    public DeadRequeueCommand(CommandContext context)
        : base(context, "requeue", "Queue tasks again that were given up, with all their attempts")
    {
        Add(_tasks);
        Add(_all);
        Add(_cause);
        Add(_session);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var response = await run.Client.RequeueDeadLetterAsync(await ReadAsync(run, cancellationToken), cancellationToken);
        if (run.Json)
        {
            run.WriteData(response);
        }
        else
        {
            Tell(run, response);
        }

        return response.Refused.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    private async Task<RequeueManyRequest> ReadAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var named = run.Get(_tasks) ?? [];
        var cause = run.Value<FailureCause>(_cause);
        if (named.Length > 0 == (run.Get(_all) || cause is not null))
        {
            throw new CommandException(ExitCode.Usage, "name tasks, or give --all or --cause; `vine dead list` lists what there is");
        }

        var ids = new List<Guid>();
        foreach (var task in named)
        {
            ids.Add(await IdFinder.TaskAsync(run, task, cancellationToken));
        }

        return new RequeueManyRequest
        {
            Ids = ids.Count > 0 ? ids : null,
            All = ids.Count > 0 ? null : true,
            Cause = cause,
            Session = run.Value<RequeueSession>(_session),
        };
    }

    private static void Tell(CommandRun run, RequeueManyResponse response)
    {
        foreach (var refusal in response.Refused)
        {
            run.Painter.Line((ShortId.Of(refusal.Id), Look.Bold), (" stays: ", Look.Bad), (Printable.Line(refusal.Detail), Look.Plain));
        }

        run.Painter.Line($"{Words.Count(response.Count, "task")} queued again", response.Count > 0 ? Look.Good : Look.Dim);
    }
}
