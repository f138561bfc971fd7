return await PolyClaw.Cli.Entry.RunAsync(args);
