using Microsoft.Extensions.Options;

namespace PolyClaw.Gateway;

/// <summary>Judges <see cref="GatewayOptions"/> at start; every message names the key.</summary>
internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var wrong = new List<string>();
        if (options.ReadListen() is null)
            wrong.Add($"Gateway:Listen is '{options.Listen}'; it must be an address of this machine alone with a port, such as 127.0.0.1:8480");
        if (options.WakeWithin < TimeSpan.Zero || options.WakeWithin > TimeSpan.FromMinutes(5))
            wrong.Add($"Gateway:WakeWithin is {options.WakeWithin}; it must lie between 00:00:00 and 00:05:00");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
