using AgentVine.Cli;
using AgentVine.Host;
using AgentVine.Host.Doctor;

var context = CommandContext.ForProcess(DoctorChecks.For);
return await VineCommandLine.RunAsync(context, HostCommands.All(context), args);
