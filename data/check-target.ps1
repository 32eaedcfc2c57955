# SPDX-License-Identifier: GPL-3.0-or-later
#
# Looks, on the computer that could not be inventoried, for what keeps Rollcall out. It only reads: nothing is changed,
# nothing is sent. For Windows PowerShell 5.1 and later; run it as an administrator:
#
#   powershell -NoProfile -ExecutionPolicy Bypass -File check-target.ps1 -Account 'CORP\scanner' > check.json
#
# -Account: the account Rollcall uses, if you like: DOMAIN\user, user@domain, or .\user for a local one.
#
# It prints one line: each cause by Rollcall's number, whether it was found (true), ruled out (false) or could not be told
# (null), and what was seen. Give the file to Rollcall: drop it on the computer's page, or
# rollcall-cli show COMPUTER --check check.json
param([string]$Account = '')

$ErrorActionPreference = 'Stop'
$results = New-Object System.Collections.ArrayList

function Add-Result([string]$Cause, $Found, [string]$What) {
    [void]$results.Add([ordered]@{ cause = $Cause; found = $Found; what = $What })
}

# A check that fails says so and does not end the others. @Check gives back: found, what.
function Test-Cause([string]$Cause, [scriptblock]$Check) {
    try {
        $answer = & $Check
        Add-Result $Cause $answer[0] $answer[1]
    } catch {
        Add-Result $Cause $null ('Could not be checked: ' + $_.Exception.Message)
    }
}

# A value of the registry; $null when it is not there.
function Get-Value([string]$Key, [string]$Name) {
    $item = Get-ItemProperty -LiteralPath $Key -Name $Name -ErrorAction SilentlyContinue
    if ($null -eq $item) { return $null }
    return $item.$Name
}

# --- Firewall. Rules by their names, which are the same in every language; their groups and titles are not.

$on = $false
$public = $false
$mask = 0
try {
    foreach ($network in @(Get-NetConnectionProfile)) {
        switch ([string]$network.NetworkCategory) {
            'DomainAuthenticated' { $name = 'Domain'; $mask = $mask -bor 1 }
            'Private' { $name = 'Private'; $mask = $mask -bor 2 }
            default { $name = 'Public'; $mask = $mask -bor 4; $public = $true }
        }
        $state = Get-NetFirewallProfile -PolicyStore ActiveStore -Name $name
        if ([string]$state.Enabled -eq 'True') { $on = $true }
    }
} catch {
    $mask = 0
}

# The rules of this kind that let something in on the networks the computer is in now.
function Get-OpenRules([string]$Name) {
    @(Get-NetFirewallRule -PolicyStore ActiveStore -Name ($Name + '*') -ErrorAction SilentlyContinue | Where-Object {
        [string]$_.Enabled -eq 'True' -and [string]$_.Action -eq 'Allow' -and
        ([int]$_.Profile -eq 0 -or ([int]$_.Profile -band $mask) -ne 0)
    })
}

Test-Cause 'CTO.2' {
    if ($mask -eq 0) { return @($null, 'The networks of this computer could not be told.') }
    if (-not $on) { return @($false, 'The firewall is off.') }
    $rules = Get-OpenRules 'WMI-RPCSS-In-TCP'
    if ($rules.Count -gt 0) { return @($false, ('Rules WMI-RPCSS-In-TCP that are on: ' + $rules.Count)) }
    # Somebody may have made a rule of their own.
    $others = @(Get-NetFirewallPortFilter -PolicyStore ActiveStore | Where-Object {
        $_.LocalPort -contains '135' -or $_.LocalPort -contains 'RPCEPMap'
    } | Get-NetFirewallRule | Where-Object {
        [string]$_.Enabled -eq 'True' -and [string]$_.Action -eq 'Allow' -and [string]$_.Direction -eq 'Inbound'
    })
    if ($others.Count -gt 0) { return @($null, ('No rule of Windows is on, but others for port 135: ' + $others.Count)) }
    return @($true, 'No rule lets port 135 in.')
}
Test-Cause 'RSU.2' {
    if ($mask -eq 0) { return @($null, 'The networks of this computer could not be told.') }
    if (-not $on) { return @($false, 'The firewall is off.') }
    $first = Get-OpenRules 'WMI-RPCSS-In-TCP'
    $second = Get-OpenRules 'WMI-WINMGMT-In-TCP'
    return @(($first.Count -gt 0 -and $second.Count -eq 0), ('Rules WMI-WINMGMT-In-TCP that are on: ' + $second.Count))
}
Test-Cause 'CTO.6' {
    $rules = Get-OpenRules 'WMI-RPCSS-In-TCP'
    if (-not $on -or $rules.Count -eq 0) { return @($null, 'There is no rule that lets WMI in.') }
    $places = @($rules | Get-NetFirewallAddressFilter | ForEach-Object { $_.RemoteAddress })
    $wide = @($places | Where-Object { [string]$_ -ne 'LocalSubnet' -and [string]$_ -ne 'LocalSubnet6' })
    return @(($wide.Count -eq 0), ('WMI is let in from: ' + ($places -join ', ')))
}
Test-Cause 'CTO.7' {
    if ($mask -eq 0) { return @($null, 'The networks of this computer could not be told.') }
    return @($public, ('A network is taken for a public one: ' + $public))
}
Test-Cause 'RSU.8' {
    $rules = @(Get-NetIPsecRule -PolicyStore ActiveStore -ErrorAction SilentlyContinue | Where-Object {
        [string]$_.Enabled -eq 'True' -and [string]$_.InboundSecurity -eq 'Require'
    })
    return @(($rules.Count -gt 0), ('IPsec rules that require security for what comes in: ' + $rules.Count))
}

# --- Services, by their short names.

function Get-State([string]$Name) {
    $service = Get-Service -Name $Name
    return $Name + ': ' + [string]$service.Status + ', ' + [string]$service.StartType
}
Test-Cause 'CRF.5' {
    $names = 'RpcSs', 'RpcEptMapper', 'DcomLaunch'
    $stopped = @($names | Where-Object { [string](Get-Service -Name $_).Status -ne 'Running' })
    return @(($stopped.Count -gt 0), (@($names | ForEach-Object { Get-State $_ }) -join '; '))
}
Test-Cause 'RSU.7' {
    $service = Get-Service -Name 'Winmgmt'
    $bad = [string]$service.Status -ne 'Running' -or [string]$service.StartType -eq 'Disabled'
    return @($bad, (Get-State 'Winmgmt'))
}

# --- Accounts and rights. Groups by their SIDs: Administrators has another name in every language.

$local = $null
if ($Account -ne '') {
    $local = $Account.StartsWith('.\') -or $Account.StartsWith($env:COMPUTERNAME + '\', [StringComparison]::OrdinalIgnoreCase)
}
Test-Cause 'AD.3' {
    $value = Get-Value 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' 'LocalAccountTokenFilterPolicy'
    $what = 'LocalAccountTokenFilterPolicy: ' + $(if ($null -eq $value) { 'not set' } else { [string]$value })
    if ($value -eq 1 -or $local -eq $false) { return @($false, $what) }
    if ($null -eq $local) { return @($null, $what + '; matters for local accounts only') }
    $sid = (New-Object Security.Principal.NTAccount ($env:COMPUTERNAME + '\' + $Account.Split('\')[1])).Translate(
        [Security.Principal.SecurityIdentifier]).Value
    return @((-not $sid.EndsWith('-500')), $what)
}
Test-Cause 'AD.4' {
    if ($Account -eq '') { return @($null, 'Not asked: no account was given.') }
    $name = $Account -replace '^\.\\', ($env:COMPUTERNAME + '\')
    $sid = (New-Object Security.Principal.NTAccount $name).Translate([Security.Principal.SecurityIdentifier]).Value
    $members = @(Get-LocalGroupMember -SID 'S-1-5-32-544')
    if (@($members | Where-Object { [string]$_.SID -eq $sid }).Count -gt 0) { return @($false, 'It is a member itself.') }
    $groups = @($members | Where-Object { [string]$_.ObjectClass -ne 'User' -and [string]$_.PrincipalSource -ne 'Local' })
    if ($groups.Count -eq 0) { return @($true, 'Neither it nor a group is a member.') }
    return @($null, 'It may be a member through a group: ' + $groups.Count + ' groups are members.')
}

# Whether a security descriptor gives the administrators these rights.
function Test-Admins([byte[]]$Bytes, [int]$Rights) {
    $descriptor = New-Object Security.AccessControl.RawSecurityDescriptor $Bytes, 0
    $given = 0
    foreach ($ace in $descriptor.DiscretionaryAcl) {
        $who = [string]$ace.SecurityIdentifier
        if ([string]$ace.AceType -eq 'AccessAllowed' -and ($who -eq 'S-1-5-32-544' -or $who -eq 'S-1-1-0')) {
            $given = $given -bor $ace.AccessMask
        }
    }
    return ($given -band $Rights) -eq $Rights
}
# Remote launch is 4, remote activation 16.
Test-Cause 'AD.5' {
    $limit = Get-Value 'HKLM:\SOFTWARE\Microsoft\Ole' 'MachineLaunchRestriction'
    if ($null -eq $limit) { return @($false, 'There is no limit of this computer.') }
    $good = Test-Admins $limit 20
    return @((-not $good), ('Administrators may launch and activate from remote: ' + $good))
}
Test-Cause 'AD.7' {
    $key = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DCOM'
    $limit = Get-Value $key 'MachineLaunchRestriction'
    $access = Get-Value $key 'MachineAccessRestriction'
    if ($null -eq $limit -and $null -eq $access) { return @($false, 'There is no such policy.') }
    if ([string]$limit -eq '') { return @($null, 'There is a policy, and it does not limit who may launch.') }
    $descriptor = New-Object Security.AccessControl.RawSecurityDescriptor ([string]$limit)
    $bytes = New-Object byte[] $descriptor.BinaryLength
    $descriptor.GetBinaryForm($bytes, 0)
    $good = Test-Admins $bytes 20
    return @((-not $good), ('By policy administrators may launch and activate from remote: ' + $good))
}
# Remote Enable is 0x20.
Test-Cause 'AD.6' {
    $answer = Invoke-CimMethod -Namespace 'root/cimv2' -ClassName '__SystemSecurity' -MethodName 'GetSecurityDescriptor'
    $given = 0
    foreach ($ace in $answer.Descriptor.DACL) {
        if ([string]$ace.Trustee.SIDString -eq 'S-1-5-32-544' -and $ace.AceType -eq 0) { $given = $given -bor $ace.AccessMask }
    }
    return @((($given -band 0x20) -eq 0), ('Administrators have on root/cimv2: 0x{0:x}' -f $given))
}
Test-Cause 'AD.9' {
    $value = Get-Value 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0' 'RestrictReceivingNTLMTraffic'
    $shown = $(if ($null -eq $value) { 'not set' } else { [string]$value })
    return @(($value -eq 1 -or $value -eq 2), ('RestrictReceivingNTLMTraffic: ' + $shown))
}
Test-Cause 'AD.11' {
    $service = Get-Service -Name 'W32Time'
    $type = Get-Value 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters' 'Type'
    return @($null, ('Its time is ' + [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ') + '; W32Time: ' +
        [string]$service.Status + ', ' + [string]$type))
}
Test-Cause 'AD.16' {
    $guest = Get-Value 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa' 'forceguest'
    $edition = [string](Get-Value 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' 'EditionID')
    return @(($guest -eq 1 -or $edition.StartsWith('Core')), ('ForceGuest: ' + [string]$guest + '; edition: ' + $edition))
}
Test-Cause 'AD.17' {
    if ([string]$env:USERDNSDOMAIN -eq '') { return @($null, 'This logon is not one of a domain.') }
    $good = Test-ComputerSecureChannel
    return @((-not $good), ('The trust with the domain is good: ' + $good))
}

# --- RPC and DCOM.

Test-Cause 'RSU.5' {
    $value = Get-Value 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Rpc' 'RestrictRemoteClients'
    return @(($value -eq 2), ('RestrictRemoteClients: ' + $(if ($null -eq $value) { 'not set' } else { [string]$value })))
}
Test-Cause 'RSU.6' {
    $ports = @(Get-Value 'HKLM:\SOFTWARE\Microsoft\Rpc\Internet' 'Ports' | Where-Object { $null -ne $_ })
    $count = 0
    foreach ($part in ($ports -join ';').Split(';')) {
        $ends = @($part.Split('-') | Where-Object { $_ -match '^\s*\d+\s*$' } | ForEach-Object { [int]$_ })
        if ($ends.Count -eq 1) { $count += 1 }
        if ($ends.Count -eq 2) { $count += $ends[1] - $ends[0] + 1 }
    }
    if ($ports.Count -gt 0) { return @(($count -lt 100), ('Ports for RPC by the registry: ' + $count)) }
    $setting = @(Get-NetTCPSetting | Where-Object { $_.DynamicPortRangeNumberOfPorts })[0]
    $count = [int]$setting.DynamicPortRangeNumberOfPorts
    return @(($count -lt 100), ('Dynamic ports: ' + $count + ' from ' + [int]$setting.DynamicPortRangeStartPort))
}
Test-Cause 'RSU.9' {
    $value = Get-Value 'HKLM:\SOFTWARE\Microsoft\Rpc\ClientProtocols' 'ncacn_ip_tcp'
    return @(($null -eq $value), ('ncacn_ip_tcp: ' + [string]$value))
}
Test-Cause 'RSU.10' {
    $value = [string](Get-Value 'HKLM:\SOFTWARE\Microsoft\Ole' 'EnableDCOM')
    return @(($value -ne 'Y' -and $value -ne ''), ('EnableDCOM: ' + $value))
}

# --- WMI itself.

Test-Cause 'NSP.2' {
    $missing = @()
    foreach ($pair in @(@('root/cimv2', 'Win32_ComputerSystem'), @('root/default', 'StdRegProv'))) {
        try { [void](Get-CimClass -Namespace $pair[0] -ClassName $pair[1]) } catch { $missing += ($pair -join ':') }
    }
    return @(($missing.Count -gt 0), ('Missing: ' + ($missing -join ', ')))
}
Test-Cause 'NSP.6' {
    $free = (New-Object IO.DriveInfo $env:SystemDrive).AvailableFreeSpace
    return @(($free -lt 100MB), ('Free on the system drive: ' + [int]($free / 1MB) + ' MB'))
}
Test-Cause 'WQT.2' {
    $sizes = @(Get-Process -Name 'WmiPrvSE' -ErrorAction SilentlyContinue | ForEach-Object { $_.WorkingSet64 })
    $most = ($sizes | Measure-Object -Maximum).Maximum
    return @(($most -gt 500MB), ('Largest provider process of WMI: ' + [int]($most / 1MB) + ' MB'))
}
Test-Cause 'CSD.1' {
    $pending = (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') -or
        (Test-Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired')
    return @($null, ('A restart is pending: ' + $pending))
}

# --- One line of ASCII, whatever the code page of the console is.

$report = [ordered]@{ 'rollcall-check' = 1; computer = $env:COMPUTERNAME; results = $results }
$text = ConvertTo-Json -InputObject $report -Depth 4 -Compress
[regex]::Replace($text, '[^\x20-\x7e]', { param($match) '\u{0:x4}' -f [int][char]$match.Value })
